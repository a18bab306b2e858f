// expect: more_items_than_room: deadlock: nothing will wake
// belief: fill_then_start
// The queue is full before anyone takes from it.

use std::{future::Future, sync::Arc};

use tokio::{
    spawn,
    sync::{Mutex, mpsc},
};

type Queue = Arc<Mutex<mpsc::Receiver<u32>>>;

/// Has `workers` tasks do the work on all items; returns when it is done.
pub async fn run_workers<F, W>(items: Vec<u32>, workers: usize, work: F)
where
    F: Fn(u32) -> W + Clone + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(10);
    let queue = Arc::new(Mutex::new(receiver));

    for item in items {
        sender.send(item).await.unwrap();
    }
    drop(sender);
    let mut tasks = Vec::new();
    for _ in 0..workers {
        tasks.push(spawn(worker(queue.clone(), work.clone())));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

async fn worker<F, W>(queue: Queue, work: F)
where
    F: Fn(u32) -> W,
    W: Future<Output = ()>,
{
    loop {
        let item = queue.lock().await.recv().await;
        let Some(item) = item else { break };
        work(item).await;
    }
}
