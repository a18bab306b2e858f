// expect: -: does_not_compile: [E0308]
// belief: sleep_returns_a_result

use std::time::Duration;

/// Python's `asyncio.sleep(delay, result)`: waits for `delay` seconds and
/// answers `result`. If `delay` is zero or less it waits for nothing, and
/// every other task that can run gets its turn.
pub async fn sleep<T>(delay: f64, result: T) -> T {
    if delay <= 0.0 {
        return result;
    }
    tokio::time::sleep(Duration::from_secs_f64(delay)).await
}
