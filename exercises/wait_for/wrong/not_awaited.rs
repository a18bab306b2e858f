// expect: -: does_not_compile: [E0308]
// belief: a_call_has_waited

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
    for number in 1..=tries {
        if let Ok(result) = timeout(limit, attempt(number)) {
            return Some(result);
        }
    }
    None
}
