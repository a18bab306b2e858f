// expect: zero_takes_no_time: wrong: observed 1s, expected 0ns
// The others get their turn, at the price of a wait.

use std::time::Duration;

pub async fn sleep<T>(delay: f64, result: T) -> T {
    tokio::time::sleep(Duration::from_secs_f64(delay.max(0.001))).await;
    result
}
