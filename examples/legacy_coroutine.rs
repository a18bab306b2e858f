use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

enum Func1 {
    Start,
    Waiting(Pin<Box<Sleep>>),
    Done,
}

impl Future for Func1 {
    type Output = ();

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        if let Func1::Start = *self {
            println!("1");
            let time = Duration::from_secs(2);
            let wait = Box::pin(sleep(time));
            *self = Func1::Waiting(wait);
        }
        if let Func1::Waiting(wait) = &mut *self {
            ready!(wait.as_mut().poll(cx));
            println!("2");
            *self = Func1::Done;
        }
        Poll::Ready(())
    }
}

async fn func2() {
    println!("3");
    sleep(Duration::from_secs(2)).await;
    println!("4");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let task1 = tokio::spawn(Func1::Start);
    let task2 = tokio::spawn(func2());
    task1.await.unwrap();
    task2.await.unwrap();
}
