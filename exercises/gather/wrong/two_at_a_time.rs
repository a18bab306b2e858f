// expect: all_at_once: wrong: most downloads in flight: observed 2, expected 3
// `buffered` bounds what `gather` does not.

use futures::{StreamExt, stream};

pub async fn fetch_all<F>(urls: &[&str], fetch: F) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    stream::iter(urls.iter().map(|url| fetch(url))).buffered(2).collect().await
}
