// expect: below_zero_is_zero: panic: cannot convert float seconds to Duration
// A duration is never negative.

use std::time::Duration;

pub async fn sleep<T>(delay: f64, result: T) -> T {
    if delay == 0.0 {
        tokio::task::yield_now().await;
    } else {
        tokio::time::sleep(Duration::from_secs_f64(delay)).await;
    }
    result
}
