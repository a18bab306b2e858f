use std::time::Duration;
use tokio::time::sleep;

async fn my_coroutine() {
    sleep(Duration::from_secs(1)).await;
    println!("Task completed");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let task = tokio::spawn(my_coroutine());
    sleep(Duration::from_millis(500)).await;
    task.abort();

    let error = task.await.unwrap_err();
    if error.is_cancelled() {
        println!("Task was cancelled");
    }
}
