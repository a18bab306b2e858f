// expect: the_result_after_the_wait: blocked: time taken
// The thread sleeps, and with it every other task.

use std::time::Duration;

pub async fn sleep<T>(delay: f64, result: T) -> T {
    if delay > 0.0 {
        std::thread::sleep(Duration::from_secs_f64(delay));
    } else {
        tokio::task::yield_now().await;
    }
    result
}
