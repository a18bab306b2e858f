// A reader does not become a writer while it reads.
use std::sync::Arc;

use tokio::sync::RwLock;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let shared = Arc::new(RwLock::new(1));
    let of_task = shared.clone();
    let task = tokio::spawn(async move {
        let _read = of_task.read().await;
        std::future::pending::<()>().await;
    });
    tokio::task::yield_now().await;
    *shared.write().await += 1;
    task.await.unwrap();
}
