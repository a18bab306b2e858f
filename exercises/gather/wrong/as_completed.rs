// expect: in_the_order_of_the_urls: wrong: gather answers in the order of its arguments
// The fastest download comes first, whoever asked first.

use futures::{StreamExt, stream::FuturesUnordered};

pub async fn fetch_all<F>(urls: &[&str], fetch: F) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let downloads: FuturesUnordered<_> = urls.iter().map(|url| fetch(url)).collect();
    downloads.collect().await
}
