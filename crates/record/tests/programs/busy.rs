// A loop without an await: nothing else has a turn, not even the timeout.
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::time::{Duration, timeout};

async fn wait_for(done: &AtomicBool) {
    while !done.load(Ordering::Relaxed) {}
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let done = Arc::new(AtomicBool::new(false));
    let sets = done.clone();
    tokio::spawn(async move { sets.store(true, Ordering::Relaxed) });
    let waited = timeout(Duration::from_millis(10), wait_for(&done)).await;
    println!("{waited:?}");
}
