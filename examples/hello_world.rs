use std::time::Duration;
use tokio::time::sleep;

async fn say_hello() {
    println!("Hello");
    sleep(Duration::from_secs(1)).await;
    println!("World");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    say_hello().await;
}
