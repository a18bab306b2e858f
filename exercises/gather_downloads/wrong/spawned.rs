// expect: -: does_not_compile: error
// belief: a_task_may_borrow

use futures::future::join_all;

/// Downloads every URL at once. The answer holds one page for each, in their
/// order; `report` is called with a URL when its download has ended.
pub async fn download_all<F>(urls: &[&str], download: F, report: impl Fn(&str)) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let tasks = urls.iter().map(|url| {
        tokio::spawn(async move {
            let page = download(url).await;
            report(url);
            page
        })
    });
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}
