// expect: -: does_not_compile: [E0382]
// belief: the_same_try_again

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
    let trying = attempt(1);
    for _ in 0..tries {
        if let Ok(result) = timeout(limit, trying).await {
            return Some(result);
        }
    }
    None
}
