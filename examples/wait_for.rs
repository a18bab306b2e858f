use std::time::Duration;
use tokio::time::{sleep, timeout};

async fn my_coroutine() -> &'static str {
    sleep(Duration::from_secs(2)).await;
    "Completed"
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let limit = Duration::from_secs(1);
    match timeout(limit, my_coroutine()).await {
        Ok(result) => println!("{result}"),
        Err(_) => {
            println!("The coroutine timed out")
        }
    }
}
