// expect: pages_in_the_order_of_the_urls: wrong: observed ["page of c", "page of a", "page of b"]
// The reports are right, and the pages have followed them.

use futures::{StreamExt, stream::FuturesUnordered};

pub async fn download_all<F>(urls: &[&str], download: F, report: impl Fn(&str)) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let download = &download;
    let mut running: FuturesUnordered<_> =
        urls.iter().map(|url| async move { (url, download(url).await) }).collect();
    let mut pages = Vec::new();
    while let Some((url, page)) = running.next().await {
        report(url);
        pages.push(page);
    }
    pages
}
