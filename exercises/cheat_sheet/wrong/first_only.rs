// expect: what_came_in_time: wrong: observed [None, None, Some("answer of c")]
// wait(FIRST_COMPLETED) as `select_all`: whoever lost is dropped.

use std::time::Duration;

use futures::{FutureExt, future::select_all};
use tokio::time::timeout;

pub async fn ask_all<F>(sources: &[&str], limit: Duration, ask: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    let mut answers = vec![None; sources.len()];
    if sources.is_empty() {
        return answers;
    }
    let asking = sources.iter().map(|source| ask(source).boxed_local());
    if let Ok((answer, place, _)) = timeout(limit, select_all(asking)).await {
        answers[place] = Some(answer);
    }
    answers
}
