// 改好 report：画封面要占着线程，趁下载都在等的时候画。
// Mend report: drawing keeps the thread busy; do it while all downloads wait.

use futures::future::join_all;

/// Waits for the downloads, all at once, and draws the cover, which keeps the
/// thread busy. Answers with the pages in their order, and the cover.
pub async fn report<D>(downloads: Vec<D>, draw: impl FnOnce() -> String) -> (Vec<String>, String)
where
    D: Future<Output = String> + Send + 'static,
{
    let pages = join_all(downloads).await;
    let cover = draw();
    (pages, cover)
}
