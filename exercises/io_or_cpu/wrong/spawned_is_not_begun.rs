// expect: draws_while_they_wait: wrong: observed Some((0, 0))
// The tasks are queued, and have not had a turn.

use futures::future::join_all;

pub async fn report<D>(downloads: Vec<D>, draw: impl FnOnce() -> String) -> (Vec<String>, String)
where
    D: Future<Output = String> + Send + 'static,
{
    let tasks: Vec<_> = downloads.into_iter().map(tokio::spawn).collect();
    let cover = draw();
    let pages = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
    (pages, cover)
}
