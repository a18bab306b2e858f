// A program that is meant to go on and on.
use tokio::time::{Duration, interval};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut seconds = interval(Duration::from_secs(1));
    loop {
        seconds.tick().await;
        println!("tick");
    }
}
