// A lock of std, held over an await: whoever wants it stops the thread.
use std::sync::{Arc, Mutex};

use tokio::time::{Duration, sleep};

async fn count(counter: Arc<Mutex<u32>>) {
    let mut counter = counter.lock().unwrap();
    sleep(Duration::from_millis(100)).await;
    *counter += 1;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let counter = Arc::new(Mutex::new(0));
    tokio::join!(count(counter.clone()), count(counter));
}
