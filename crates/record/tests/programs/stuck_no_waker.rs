// A future of one's own that answers Pending and tells nobody how to wake it.
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

struct Never;

impl Future for Never {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let task = tokio::spawn(Never);
    println!("waits");
    task.await.unwrap();
}
