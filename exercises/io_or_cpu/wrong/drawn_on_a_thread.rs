// expect: -: does_not_compile: [E0277]
// belief: any_function_goes_to_a_thread

use futures::future::join_all;

/// Waits for the downloads, all at once, and draws the cover, which keeps the
/// thread busy. Answers with the pages in their order, and the cover.
pub async fn report<D>(downloads: Vec<D>, draw: impl FnOnce() -> String) -> (Vec<String>, String)
where
    D: Future<Output = String> + Send + 'static,
{
    let drawing = tokio::task::spawn_blocking(draw);
    let pages = join_all(downloads).await;
    (pages, drawing.await.unwrap())
}
