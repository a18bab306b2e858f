// expect: -: does_not_compile: [E0277]
// belief: a_call_runs_beside

use futures::future::join_all;

/// Waits for the downloads, all at once, and draws the cover, which keeps the
/// thread busy. Answers with the pages in their order, and the cover.
pub async fn report<D>(downloads: Vec<D>, draw: impl FnOnce() -> String) -> (Vec<String>, String)
where
    D: Future<Output = String> + Send + 'static,
{
    tokio::join!(join_all(downloads), draw())
}
