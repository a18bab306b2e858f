// expect: each_report_at_its_end: wrong: ("c", 3s)
// `buffered` holds back what ended early until its turn has come.

use futures::{StreamExt, stream};

pub async fn download_all<F>(urls: &[&str], download: F, report: impl Fn(&str)) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let download = &download;
    let mut pages = Vec::new();
    let mut ended = stream::iter(urls.iter().map(|url| async move { (url, download(url).await) }))
        .buffered(urls.len().max(1));
    while let Some((url, page)) = ended.next().await {
        report(url);
        pages.push(page);
    }
    pages
}
