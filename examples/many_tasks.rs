use std::time::Duration;
use tokio::time::sleep;

async fn wait() {
    sleep(Duration::from_secs(1)).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut tasks = Vec::new();
    for _ in 0..10_000 {
        tasks.push(tokio::spawn(wait()));
    }
    println!("{} tasks started", tasks.len());

    let mut ended = 0;
    for task in tasks {
        task.await.unwrap();
        ended += 1;
    }
    println!("{ended} tasks ended");
}
