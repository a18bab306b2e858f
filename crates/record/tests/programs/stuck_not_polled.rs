// The loop's body waits for a permit that a future in the buffer has; and the
// buffer is polled only between two turns of the loop.
use futures::{StreamExt, stream};
use tokio::sync::Semaphore;
use tokio::time::{Duration, sleep};

async fn fetch(slots: &Semaphore, n: u64) -> u64 {
    let _slot = slots.acquire().await.unwrap();
    sleep(Duration::from_millis(100 * n)).await;
    n
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let slots = Semaphore::new(2);
    let mut pages = stream::iter(1..=3).map(|n| fetch(&slots, n)).buffer_unordered(2);
    while let Some(n) = pages.next().await {
        println!("page {n}");
        let _both = slots.acquire_many(2).await.unwrap();
        println!("page {n} is stored");
    }
}
