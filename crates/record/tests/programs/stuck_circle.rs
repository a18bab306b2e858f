// Two tasks take two locks, each in another order.
use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::time::{Duration, sleep};

async fn take(first: Arc<Mutex<()>>, then: Arc<Mutex<()>>) {
    let _first = first.lock().await;
    sleep(Duration::from_millis(100)).await;
    let _then = then.lock().await;
    println!("has both");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let a = Arc::new(Mutex::new(()));
    let b = Arc::new(Mutex::new(()));
    let one = tokio::spawn(take(a.clone(), b.clone()));
    let other = tokio::spawn(take(b, a));
    one.await.unwrap();
    other.await.unwrap();
}
