// expect: below_zero_is_zero: wrong: time taken: observed 2s, expected 0ns
// It waits for as long as the moment is past.

use std::time::Duration;

pub async fn sleep<T>(delay: f64, result: T) -> T {
    if delay == 0.0 {
        tokio::task::yield_now().await;
    } else {
        tokio::time::sleep(Duration::from_secs_f64(delay.abs())).await;
    }
    result
}
