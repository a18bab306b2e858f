// What is due now is due at the timer's next step: whatever is ready comes first.
use tokio::time::{Duration, Instant, interval, sleep, sleep_until, timeout};

fn ready(what: &'static str) {
    tokio::spawn(async move { println!("{what}") });
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    ready("before the sleep");
    sleep(Duration::ZERO).await;
    println!("sleep");
    ready("before the tick");
    interval(Duration::from_secs(1)).tick().await;
    println!("tick");
    ready("before the deadline");
    sleep_until(Instant::now()).await;
    println!("deadline");
    ready("before the limit");
    let limit = timeout(Duration::ZERO, std::future::pending::<()>()).await;
    println!("limit: {}", limit.is_err());
    ready("before the microsecond");
    sleep(Duration::from_micros(1)).await;
    println!("microsecond");
}
