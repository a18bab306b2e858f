use std::time::Duration;
use tokio::time::sleep;

async fn func1() {
    println!("1");
    sleep(Duration::from_secs(2)).await;
    println!("2");
}

async fn func2() {
    println!("3");
    sleep(Duration::from_secs(2)).await;
    println!("4");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let task1 = tokio::spawn(func1());
    let task2 = tokio::spawn(func2());
    task1.await.unwrap();
    task2.await.unwrap();
}
