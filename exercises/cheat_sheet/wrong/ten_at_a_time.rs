// expect: any_number: wrong: time taken: observed 4s, expected 1s
// The bound of a crawler, where everyone should be asked.

use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::time::timeout;

pub async fn ask_all<F>(sources: &[&str], limit: Duration, ask: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    stream::iter(sources)
        .map(|source| timeout(limit, ask(source)))
        .buffered(10)
        .map(Result::ok)
        .collect()
        .await
}
