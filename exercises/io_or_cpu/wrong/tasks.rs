// expect: -: does_not_compile: [E0308]
// belief: a_task_answers_with_its_value

use futures::future::join_all;

/// Waits for the downloads, all at once, and draws the cover, which keeps the
/// thread busy. Answers with the pages in their order, and the cover.
pub async fn report<D>(downloads: Vec<D>, draw: impl FnOnce() -> String) -> (Vec<String>, String)
where
    D: Future<Output = String> + Send + 'static,
{
    let tasks: Vec<_> = downloads.into_iter().map(tokio::spawn).collect();
    let cover = draw();
    (join_all(tasks).await, cover)
}
