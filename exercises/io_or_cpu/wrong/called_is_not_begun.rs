// expect: draws_while_they_wait: wrong: observed Some((0, 0))
// A future that is made has not begun.

use futures::future::join_all;

pub async fn report<D>(downloads: Vec<D>, draw: impl FnOnce() -> String) -> (Vec<String>, String)
where
    D: Future<Output = String> + Send + 'static,
{
    let pages = join_all(downloads);
    let cover = draw();
    (pages.await, cover)
}
