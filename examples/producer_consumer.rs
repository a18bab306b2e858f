use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::sleep;

async fn produce(sender: Sender<u32>) {
    for item in 1..=5 {
        sender.send(item).await.unwrap();
        println!("Put {item}");
    }
}

async fn consume(mut receiver: Receiver<u32>) {
    while let Some(item) = receiver.recv().await {
        println!("Got {item}");
        sleep(Duration::from_secs(1)).await;
    }
    println!("Done");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sender, receiver) = mpsc::channel(2);
    let producer = tokio::spawn(produce(sender));
    let consumer =
        tokio::spawn(consume(receiver));
    producer.await.unwrap();
    consumer.await.unwrap();
}
