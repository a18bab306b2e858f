use futures::future::join_all;
use std::time::Duration;
use tokio::{spawn, time::sleep};

async fn download(name: &str) {
    println!("Download {name} started");
    sleep(Duration::from_secs(1)).await;
    println!("Download {name} finished");
}

async fn count_primes(name: &str) {
    println!("Count {name} started");
    let primes = (2..5000)
        .filter(|n| (2..*n).all(|d| n % d != 0))
        .count();
    println!("Count {name} finished: {primes}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("I/O-bound:");
    join_all([
        spawn(download("A")),
        spawn(download("B")),
    ])
    .await;

    println!("CPU-bound:");
    join_all([
        spawn(count_primes("C")),
        spawn(count_primes("D")),
    ])
    .await;

    println!("Mixed:");
    join_all([
        spawn(download("E")),
        spawn(count_primes("F")),
        spawn(download("G")),
    ])
    .await;
}
