use std::time::Duration;
use tokio::time::sleep;

async fn task1() {
    println!("Task 1 started");
    sleep(Duration::from_secs(1)).await;
    println!("Task 1 finished");
}

async fn task2() {
    println!("Task 2 started");
    sleep(Duration::from_secs(2)).await;
    println!("Task 2 finished");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let first = tokio::spawn(task1());
    let second = tokio::spawn(task2());

    first.await.unwrap();
    second.await.unwrap();
}
