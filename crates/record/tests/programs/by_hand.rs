use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{runtime::Builder, time::sleep};

/// Pending once; wakes itself twice.
struct Twice(bool);

impl Future for Twice {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
        if self.0 {
            return Poll::Ready(2);
        }
        self.0 = true;
        let waker = context.waker().clone();
        waker.wake_by_ref();
        waker.wake();
        Poll::Pending
    }
}

fn main() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let value = runtime.block_on(async {
        let task = tokio::spawn(async { Twice(false).await });
        task.await.unwrap()
    });
    println!("{value}");
    print!("one ");
    println!("line");
    runtime.block_on(async {
        sleep(Duration::from_secs(1)).await;
        println!("again");
    });
}
