use std::time::Duration;
use tokio::{sync::oneshot, time::sleep};

async fn my_coroutine(
    sender: oneshot::Sender<&'static str>,
) {
    sleep(Duration::from_secs(1)).await;
    sender.send("Result").unwrap();
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sender, future) = oneshot::channel();
    let task = tokio::spawn(my_coroutine(sender));

    let result = future.await.unwrap();
    println!("{result}");
    task.await.unwrap();
}
