// expect: draws_while_they_wait: wrong: observed Some((0, 0))
// The downloads begin when the drawing is done.

use futures::future::join_all;

pub async fn report<D>(downloads: Vec<D>, draw: impl FnOnce() -> String) -> (Vec<String>, String)
where
    D: Future<Output = String> + Send + 'static,
{
    let cover = draw();
    let pages = join_all(downloads).await;
    (pages, cover)
}
