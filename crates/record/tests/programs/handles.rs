// Tasks that are awaited, aborted, dropped and left.
use std::sync::Arc;

use tokio::sync::{Notify, Semaphore, broadcast, watch};
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep};

async fn work(n: u64) -> u64 {
    sleep(Duration::from_millis(100 * n)).await;
    println!("work {n}");
    n
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut set = JoinSet::new();
    for n in [3, 1, 2] {
        set.spawn(work(n));
    }
    println!("first: {}", set.join_next().await.unwrap().unwrap());
    set.abort_all();
    while let Some(ended) = set.join_next().await {
        println!("cancelled: {}", ended.unwrap_err().is_cancelled());
    }
    let (send, mut see) = watch::channel(0);
    let (shout, mut hear) = broadcast::channel(2);
    let seen = tokio::spawn(async move {
        see.changed().await.unwrap();
        println!("sees {}", *see.borrow());
        println!("hears {:?}", hear.recv().await);
        println!("hears {:?}", hear.recv().await);
    });
    sleep(Duration::from_millis(50)).await;
    for n in 1..=3 {
        shout.send(n).unwrap();
    }
    send.send(7).unwrap();
    seen.await.unwrap();
    let gate = Arc::new(Semaphore::new(1));
    let bell = Arc::new(Notify::new());
    let (inner, ring) = (gate.clone(), bell.clone());
    let task = tokio::spawn(async move {
        let _permit = inner.acquire().await.unwrap();
        ring.notified().await;
        println!("rung");
    });
    tokio::task::yield_now().await;
    println!("free: {}", gate.try_acquire().is_ok());
    bell.notify_one();
    task.await.unwrap();
    println!("free: {}", gate.try_acquire().is_ok());
    drop(tokio::spawn(work(1)));
    sleep(Duration::from_millis(250)).await;
}
