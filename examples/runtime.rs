use fastrand::Rng;
use std::time::Duration;
use tokio::time::sleep;

async fn count() {
    let mut rng = Rng::with_seed(1556);
    for i in 0..10 {
        println!("Counting {i}");
        let seconds = rng.u64(1..=3);
        sleep(Duration::from_secs(seconds)).await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    count().await;
}
