use std::time::Duration;
use tokio::time::{sleep, timeout};

async fn work(
    name: &'static str,
) -> &'static str {
    sleep(Duration::from_secs(1)).await;
    name
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("await: {}", work("a").await);

    let (b, c) =
        tokio::join!(work("b"), work("c"));
    println!("gather: {b} and {c}");

    let task = tokio::spawn(work("d"));
    println!("create_task: started");
    println!(
        "create_task: {}",
        task.await.unwrap()
    );

    let limit = Duration::from_millis(500);
    match timeout(limit, work("e")).await {
        Ok(e) => println!("wait_for: {e}"),
        Err(_) => println!("wait_for: timed out"),
    }
}
