// expect: -: does_not_compile: [E0308]
// belief: a_limit_raises

use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

/// Asks every source. The answer holds, in the order of the sources, what each
/// of them said, and `None` for those that had not answered after `limit`.
pub async fn ask_all<F>(sources: &[&str], limit: Duration, ask: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    join_all(sources.iter().map(|source| timeout(limit, ask(source)))).await
}
