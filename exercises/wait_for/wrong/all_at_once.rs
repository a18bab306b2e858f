// expect: a_late_try_is_dropped: wrong: tries under way at the same time: observed 3
// A race is not a retry.

use std::{future::Future, time::Duration};

use futures::future::join_all;
use tokio::time::timeout;

pub async fn retry<T, F>(tries: u32, limit: Duration, attempt: impl Fn(u32) -> F) -> Option<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let tries = (1..=tries).map(|number| timeout(limit, attempt(number)));
    join_all(tries).await.into_iter().find_map(Result::ok)
}
