// expect: zero_gives_way: wrong: `await` alone gives nobody a turn
// An await that has nothing to wait for.

use std::time::Duration;

pub async fn sleep<T>(delay: f64, result: T) -> T {
    if delay > 0.0 {
        tokio::time::sleep(Duration::from_secs_f64(delay)).await;
    } else {
        async {}.await;
    }
    result
}
