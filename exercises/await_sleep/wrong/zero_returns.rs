// expect: zero_gives_way: wrong: observed ["step 1", "step 2"
// belief: said
// Nothing to wait for, and nobody gets a turn.

use std::time::Duration;

pub async fn sleep<T>(delay: f64, result: T) -> T {
    if delay > 0.0 {
        tokio::time::sleep(Duration::from_secs_f64(delay)).await;
    }
    result
}
