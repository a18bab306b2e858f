// Nobody waits yet, and `notify_waiters` keeps nothing for later.
use std::sync::Arc;

use tokio::sync::Notify;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let bell = Arc::new(Notify::new());
    let ringer = bell.clone();
    tokio::spawn(async move { ringer.notify_waiters() }).await.unwrap();
    bell.notified().await;
    println!("heard it");
}
