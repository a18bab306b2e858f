// expect: gives_up: wrong: time taken: observed 9s, expected 6s
// The timeout was the wait already.

use std::{future::Future, time::Duration};

use tokio::time::{sleep, timeout};

pub async fn retry<T, F>(tries: u32, limit: Duration, attempt: impl Fn(u32) -> F) -> Option<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    for number in 1..=tries {
        if let Ok(result) = timeout(limit, attempt(number)).await {
            return Some(result);
        }
        sleep(Duration::from_secs(1)).await;
    }
    None
}
