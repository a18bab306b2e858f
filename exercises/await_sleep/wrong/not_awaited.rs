// expect: the_result_after_the_wait: wrong: observed 0ns, expected 2.5s
// belief: the_call_waits

use std::time::Duration;

/// Python's `asyncio.sleep(delay, result)`: waits for `delay` seconds and
/// answers `result`. If `delay` is zero or less it waits for nothing, and
/// every other task that can run gets its turn.
pub async fn sleep<T>(delay: f64, result: T) -> T {
    tokio::time::sleep(Duration::from_secs_f64(delay));
    result
}
