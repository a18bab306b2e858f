use futures::future::join_all;
use std::time::Duration;
use tokio::time::{Instant, sleep};

async fn request(id: u32) {
    println!("Request {id} sent");
    sleep(Duration::from_secs(1)).await;
    println!("Request {id} answered");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    for id in 1..=3 {
        request(id).await;
    }
    let seconds = start.elapsed().as_secs();
    println!("One after another: {seconds} s");

    let start = Instant::now();
    join_all((1..=3).map(request)).await;
    let seconds = start.elapsed().as_secs();
    println!("Together: {seconds} s");
}
