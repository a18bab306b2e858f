// expect: gives_up: wrong: tries started: observed 4, expected 3
// Counted from 0 to the end, the end included.

use std::{future::Future, time::Duration};

use tokio::time::timeout;

pub async fn retry<T, F>(tries: u32, limit: Duration, attempt: impl Fn(u32) -> F) -> Option<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    for number in 0..=tries {
        if let Ok(result) = timeout(limit, attempt(number)).await {
            return Some(result);
        }
    }
    None
}
