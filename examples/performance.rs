use futures::future::join_all;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

async fn request() {
    sleep(Duration::from_secs(1)).await;
}

async fn lock_then_wait(count: &Mutex<u32>) {
    let mut count = count.lock().await;
    request().await;
    *count += 1;
}

async fn wait_then_lock(count: &Mutex<u32>) {
    request().await;
    *count.lock().await += 1;
}

async fn timed(what: &str, work: impl Future) {
    let start = Instant::now();
    work.await;
    let seconds = start.elapsed().as_secs();
    println!("{what}: {seconds} s");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    timed("one by one", async {
        for _ in 0..3 {
            request().await;
        }
    })
    .await;
    let all = (0..3).map(|_| request());
    timed("together", join_all(all)).await;

    let count = Mutex::new(0);
    let all =
        (0..3).map(|_| lock_then_wait(&count));
    timed("lock, then wait", join_all(all)).await;
    let all =
        (0..3).map(|_| wait_then_lock(&count));
    timed("wait, then lock", join_all(all)).await;
}
