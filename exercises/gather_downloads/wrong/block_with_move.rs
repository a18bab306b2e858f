// expect: -: does_not_compile: [E0507]
// belief: move_leaves_something_behind

use futures::future::join_all;

/// Downloads every URL at once. The answer holds one page for each, in their
/// order; `report` is called with a URL when its download has ended.
pub async fn download_all<F>(urls: &[&str], download: F, report: impl Fn(&str)) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    join_all(urls.iter().map(|url| async move {
        let page = download(url).await;
        report(url);
        page
    }))
    .await
}
