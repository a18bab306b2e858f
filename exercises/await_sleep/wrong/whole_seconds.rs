// expect: the_result_after_the_wait: wrong: observed 2s, expected 2.5s
// The fraction is cut off.

use std::time::Duration;

pub async fn sleep<T>(delay: f64, result: T) -> T {
    if delay > 0.0 {
        tokio::time::sleep(Duration::from_secs(delay as u64)).await;
    } else {
        tokio::task::yield_now().await;
    }
    result
}
