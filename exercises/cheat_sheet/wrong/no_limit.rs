// expect: what_came_in_time: wrong: Some("answer of b")
// gather, and the limit forgotten.

use std::time::Duration;

use futures::future::join_all;

pub async fn ask_all<F>(sources: &[&str], _limit: Duration, ask: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    join_all(sources.iter().map(|source| ask(source))).await.into_iter().map(Some).collect()
}
