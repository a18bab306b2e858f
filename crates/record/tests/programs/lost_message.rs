// A branch of `select!` takes a message and then waits; when the other branch
// is first, the future is dropped and the message with it.
use tokio::sync::mpsc;
use tokio::time::{Duration, interval, sleep};

async fn take(rx: &mut mpsc::Receiver<u32>) -> Option<u32> {
    let n = rx.recv().await?;
    sleep(Duration::from_millis(200)).await;
    Some(n)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (tx, mut rx) = mpsc::channel(4);
    tokio::spawn(async move {
        for n in 1..=3 {
            tx.send(n).await.unwrap();
            sleep(Duration::from_millis(450)).await;
        }
    });
    let mut clock = interval(Duration::from_millis(500));
    loop {
        tokio::select! {
            biased;
            n = take(&mut rx) => match n {
                Some(n) => println!("took {n}"),
                None => break,
            },
            _ = clock.tick() => println!("tick"),
        }
    }
}
