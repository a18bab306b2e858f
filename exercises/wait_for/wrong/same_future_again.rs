// expect: each_try_starts_afresh: wrong: tries started: observed 1, expected 3
// A future that was polled goes on where it was: this is no new try.

use std::{future::Future, time::Duration};

use std::pin::pin;

use tokio::time::timeout;

pub async fn retry<T, F>(tries: u32, limit: Duration, attempt: impl Fn(u32) -> F) -> Option<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut once = pin!(attempt(1));
    for _ in 0..tries {
        if let Ok(result) = timeout(limit, &mut once).await {
            return Some(result);
        }
    }
    None
}
