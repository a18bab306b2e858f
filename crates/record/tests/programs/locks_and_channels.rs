use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Mutex, Notify, Semaphore, mpsc, oneshot},
    time::{interval, sleep},
};

async fn holder(lock: Arc<Mutex<u32>>) {
    let mut value = lock.lock().await;
    sleep(Duration::from_secs(1)).await;
    *value += 1;
}

async fn permitted(permits: Arc<Semaphore>) {
    let _permit = permits.acquire().await.unwrap();
    sleep(Duration::from_millis(500)).await;
}

async fn sender(numbers: mpsc::Sender<u32>) {
    for number in 0..3 {
        numbers.send(number).await.unwrap();
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let lock = Arc::new(Mutex::new(0));
    let first = tokio::spawn(holder(lock.clone()));
    let second = tokio::spawn(holder(lock.clone()));
    first.await.unwrap();
    second.await.unwrap();
    println!("the lock holds {}", lock.lock().await);

    let permits = Arc::new(Semaphore::new(1));
    let (first, second) = tokio::join!(
        tokio::spawn(permitted(permits.clone())),
        tokio::spawn(permitted(permits.clone())),
    );
    first.unwrap();
    second.unwrap();

    let (tx, mut rx) = mpsc::channel(1);
    let sending = tokio::spawn(sender(tx));
    while let Some(number) = rx.recv().await {
        println!("received {number}");
    }
    sending.await.unwrap();

    let (tx, rx) = oneshot::channel();
    let notify = Arc::new(Notify::new());
    let bell = notify.clone();
    let answering = tokio::spawn(async move {
        bell.notified().await;
        tx.send("answer").unwrap();
    });
    sleep(Duration::from_millis(100)).await;
    notify.notify_one();
    println!("{}", rx.await.unwrap());
    answering.await.unwrap();

    let mut ticks = interval(Duration::from_millis(250));
    for tick in 0..3 {
        ticks.tick().await;
        println!("tick {tick}");
    }
}
