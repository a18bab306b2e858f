// expect: what_came_in_time: wrong: observed [None, None, None]
// One limit around all: the finished answers go with the slow one.

use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

pub async fn ask_all<F>(sources: &[&str], limit: Duration, ask: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    let asking = join_all(sources.iter().map(|source| ask(source)));
    match timeout(limit, asking).await {
        Ok(answers) => answers.into_iter().map(Some).collect(),
        Err(_) => vec![None; sources.len()],
    }
}
