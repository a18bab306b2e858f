// expect: what_came_in_time: wrong: observed [Some("answer of c"), Some("answer of a"), None]
// In the order in which they answer.

use std::time::Duration;

use futures::{StreamExt, stream::FuturesUnordered};
use tokio::time::timeout;

pub async fn ask_all<F>(sources: &[&str], limit: Duration, ask: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    let asking: FuturesUnordered<_> =
        sources.iter().map(|source| timeout(limit, ask(source))).collect();
    asking.map(Result::ok).collect().await
}
