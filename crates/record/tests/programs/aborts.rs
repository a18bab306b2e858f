// Nothing is dropped, nothing more is printed.
use tokio::time::{Duration, sleep};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("before");
    sleep(Duration::from_millis(100)).await;
    if true {
        std::process::abort();
    }
    println!("after");
}
