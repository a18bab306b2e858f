use std::time::Duration;
use tokio::time::sleep;

async fn task1() {
    sleep(Duration::from_secs(1)).await;
    println!("Task 1 completed");
}

async fn task2() {
    sleep(Duration::from_secs(2)).await;
    println!("Task 2 completed");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::join!(task1(), task2());
}
