// expect: no_longer_than_needed: wrong: time taken: observed 60s, expected 5s
// The limit as a pause.

use std::time::Duration;

use futures::future::join_all;
use tokio::time::{sleep, timeout};

pub async fn ask_all<F>(sources: &[&str], limit: Duration, ask: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    let asking = join_all(sources.iter().map(|source| timeout(limit, ask(source))));
    let (answers, ()) = tokio::join!(asking, sleep(limit));
    answers.into_iter().map(Result::ok).collect()
}
