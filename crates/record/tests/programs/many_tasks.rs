use std::time::Duration;
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut tasks = Vec::new();
    for _ in 0..10_000 {
        tasks.push(tokio::spawn(sleep(Duration::from_secs(1))));
    }
    for task in tasks {
        task.await.unwrap();
    }
    println!("all done");
}
