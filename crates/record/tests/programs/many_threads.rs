use std::time::Duration;
use tokio::{task, time::sleep};

#[tokio::main]
async fn main() {
    let tasks: Vec<_> = (0..4)
        .map(|number| {
            tokio::spawn(async move {
                sleep(Duration::from_millis(50)).await;
                number
            })
        })
        .collect();
    let mut sum = 0;
    for task in tasks {
        sum += task.await.unwrap();
    }
    sum += task::spawn_blocking(|| 4).await.unwrap();
    println!("{sum}");
}
