// expect: in_the_order_of_the_urls: wrong: observed ["page of a", "page of b", "page of c"]
// Sorting the pages gives them some order, and not that of the URLs.

use futures::{StreamExt, stream::FuturesUnordered};

pub async fn fetch_all<F>(urls: &[&str], fetch: F) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let downloads: FuturesUnordered<_> = urls.iter().map(|url| fetch(url)).collect();
    let mut pages: Vec<_> = downloads.collect().await;
    pages.sort();
    pages
}
