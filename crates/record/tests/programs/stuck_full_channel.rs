// Whoever is to receive sends first, more than there is room for.
use tokio::sync::mpsc;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (tx, mut rx) = mpsc::channel(1);
    for n in 1..=2 {
        tx.send(n).await.unwrap();
        println!("sent {n}");
    }
    drop(tx);
    while let Some(n) = rx.recv().await {
        println!("got {n}");
    }
}
