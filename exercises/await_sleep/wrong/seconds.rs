// expect: -: does_not_compile: [E0308]
// belief: seconds_are_a_number

/// Python's `asyncio.sleep(delay, result)`: waits for `delay` seconds and
/// answers `result`. If `delay` is zero or less it waits for nothing, and
/// every other task that can run gets its turn.
pub async fn sleep<T>(delay: f64, result: T) -> T {
    tokio::time::sleep(delay).await;
    result
}
