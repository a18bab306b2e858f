// Calls within calls, in a poll.
use tokio::time::{Duration, sleep};

fn deeper(depth: u64) -> u64 {
    let page = std::hint::black_box([depth; 512]);
    1 + deeper(depth + 1) + page[3]
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("before");
    sleep(Duration::from_millis(100)).await;
    println!("{}", deeper(0));
}
