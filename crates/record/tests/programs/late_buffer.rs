// What is in a buffer is polled only when the stream is: while the body waits,
// nothing in it goes on.
use futures::{StreamExt, stream};
use tokio::time::{Duration, sleep};

async fn job(n: u32) -> u32 {
    sleep(Duration::from_millis(150)).await;
    println!("job {n} is done");
    n
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut jobs = stream::iter(1..=4).map(job).buffered(2);
    while let Some(n) = jobs.next().await {
        println!("body {n}");
        sleep(Duration::from_millis(400)).await;
    }
}
