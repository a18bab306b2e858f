// Three places, and nobody gives one back: permits that are forgotten.
use std::sync::Arc;

use tokio::sync::Semaphore;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let places = Arc::new(Semaphore::new(2));
    let mut kept = Vec::new();
    for n in 1..=3 {
        kept.push(places.acquire().await.unwrap());
        println!("{n} comes in");
    }
}
