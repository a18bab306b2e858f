// expect: a_late_try_is_dropped: wrong: tries under way at the same time: observed 3
// The timeout drops the handle; the task runs on.

use std::{future::Future, time::Duration};

use tokio::{spawn, time::timeout};

pub async fn retry<T, F>(tries: u32, limit: Duration, attempt: impl Fn(u32) -> F) -> Option<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    for number in 1..=tries {
        if let Ok(Ok(result)) = timeout(limit, spawn(attempt(number))).await {
            return Some(result);
        }
    }
    None
}
