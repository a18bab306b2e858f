// 补全 retry：每次尝试都重新开始，各有各的时限；超时就换下一次。
// Fill in retry: each try starts afresh, with a limit of its own.

use std::{future::Future, time::Duration};

use tokio::time::timeout;

/// Tries up to `tries` times, each time for at most `limit`. `attempt` makes
/// the future of a try from its number, which counts from 1.
///
/// Answers with the first result, or `None` if every try took too long.
pub async fn retry<T, F>(tries: u32, limit: Duration, attempt: impl Fn(u32) -> F) -> Option<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    timeout(limit * tries, attempt(1)).await.ok()
}
