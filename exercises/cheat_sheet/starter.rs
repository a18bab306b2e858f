// 补全 ask_all：同时问所有来源，限时之内答了的留下，没答的是 None。
// Fill in ask_all: ask all sources at once, keep what came in time, None for the rest.

use std::time::Duration;

use tokio::time::timeout;

/// Asks every source. The answer holds, in the order of the sources, what each
/// of them said, and `None` for those that had not answered after `limit`.
pub async fn ask_all<F>(sources: &[&str], limit: Duration, ask: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    let mut answers = Vec::new();
    for source in sources {
        answers.push(timeout(limit, ask(source)).await.ok());
    }
    answers
}
