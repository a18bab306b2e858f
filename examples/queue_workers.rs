use std::{sync::Arc, time::Duration};
use tokio::sync::{Mutex, mpsc};
use tokio::time::sleep;

type Queue = Arc<Mutex<mpsc::Receiver<u32>>>;

async fn work(name: &str, queue: Queue) {
    loop {
        let item =
            queue.lock().await.recv().await;
        let Some(item) = item else { break };
        println!(
            "Task {name} got work item {item}"
        );
        sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sender, receiver) = mpsc::channel(10);
    let queue = Arc::new(Mutex::new(receiver));

    for item in 0..10 {
        sender.send(item).await.unwrap();
    }
    drop(sender);

    let mut workers = Vec::new();
    for name in ["task_1", "task_2", "task_3"] {
        let worker = work(name, queue.clone());
        workers.push(tokio::spawn(worker));
    }
    for worker in workers {
        worker.await.unwrap();
    }
}
