// expect: -: does_not_compile: [E0277]
// belief: a_task_may_borrow

use tokio::task::JoinSet;

/// Downloads every URL. The answer holds a picture or a fault for each, in
/// their order. At most `at_once` downloads are under way, and as long as
/// there are URLs left, no fewer.
pub async fn download_all<F>(
    urls: &[&str],
    at_once: usize,
    download: F,
) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> Result<String, String>,
{
    let mut downloads = JoinSet::new();
    for url in urls {
        downloads.spawn(download(url));
    }
    let _ = at_once;
    downloads.join_all().await
}
