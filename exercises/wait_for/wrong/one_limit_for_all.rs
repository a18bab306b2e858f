// expect: each_try_starts_afresh: wrong: tries started: observed 1, expected 3
// The limit is around the loop: the first try uses it all up.

use std::{future::Future, time::Duration};

use tokio::time::timeout;

pub async fn retry<T, F>(tries: u32, limit: Duration, attempt: impl Fn(u32) -> F) -> Option<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let all = async {
        let mut result = None;
        for number in 1..=tries {
            result = Some(attempt(number).await);
            if result.is_some() {
                break;
            }
        }
        result
    };
    timeout(limit, all).await.ok().flatten()
}
