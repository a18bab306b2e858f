// Timers that are due now, and sums of timers beside one: as on a real clock.
use tokio::time::{Duration, Instant, interval, sleep, sleep_until, timeout};

const MS: Duration = Duration::from_millis(1);

async fn steps() {
    for _ in 0..10 {
        sleep(100 * MS).await;
    }
    println!("ten steps");
}

async fn one() {
    sleep(1000 * MS).await;
    println!("one second");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let task = tokio::spawn(async { println!("task") });
    interval(MS).tick().await;
    println!("first tick");
    task.await.unwrap();
    let ready = timeout(Duration::ZERO, async { 1 }).await;
    println!("{ready:?}");
    tokio::join!(steps(), one());
    sleep_until(start + 1500 * MS).await;
    println!("the deadline");
    let mut ticks = interval(250 * MS);
    for n in 1..=3 {
        ticks.tick().await;
        println!("tick {n}");
        sleep(70 * MS).await;
    }
    println!("{} s", start.elapsed().as_secs_f32().round());
}
