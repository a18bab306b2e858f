// A body that is too slow for its interval, with each way to catch up.
use tokio::time::{Duration, Instant, MissedTickBehavior, interval, sleep};

async fn ticks(behavior: MissedTickBehavior) {
    println!("{behavior:?}");
    let start = Instant::now();
    let mut ticks = interval(Duration::from_millis(100));
    ticks.set_missed_tick_behavior(behavior);
    for n in 0..5 {
        ticks.tick().await;
        let tenths = (start.elapsed().as_millis() + 25) / 50 * 5;
        println!("{n} at {}.{} tenths", tenths / 10, tenths % 10);
        if n == 1 {
            sleep(Duration::from_millis(250)).await;
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    ticks(MissedTickBehavior::Burst).await;
    ticks(MissedTickBehavior::Delay).await;
    ticks(MissedTickBehavior::Skip).await;
}
