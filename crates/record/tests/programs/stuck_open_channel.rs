// The clones end with their tasks; the first sender is still main's.
use tokio::sync::mpsc;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (tx, mut rx) = mpsc::channel(8);
    for n in 1..=2 {
        let tx = tx.clone();
        tokio::spawn(async move { tx.send(n).await.unwrap() });
    }
    while let Some(n) = rx.recv().await {
        println!("got {n}");
    }
    println!("all sent");
}
