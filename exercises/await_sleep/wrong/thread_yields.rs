// expect: zero_gives_way: wrong: observed ["step 1", "step 2"
// The operating system gives way to other threads; the tasks share this one.

use std::time::Duration;

pub async fn sleep<T>(delay: f64, result: T) -> T {
    if delay > 0.0 {
        tokio::time::sleep(Duration::from_secs_f64(delay)).await;
    } else {
        std::thread::yield_now();
    }
    result
}
