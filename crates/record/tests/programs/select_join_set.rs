use std::time::Duration;
use tokio::{task::JoinSet, time::sleep};

async fn work(name: &str, seconds: u64) -> u64 {
    sleep(Duration::from_secs(seconds)).await;
    println!("{name} is done");
    seconds
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::select! {
        biased;
        _ = work("slow", 3) => println!("slow won"),
        _ = work("quick", 1) => println!("quick won"),
    }

    let mut set = JoinSet::new();
    for seconds in [2, 1] {
        set.spawn(work("set", seconds));
    }
    while let Some(result) = set.join_next().await {
        println!("joined {}", result.unwrap());
    }
}
