// expect: draws_while_they_wait: wrong: observed Some((0, 0))
// In a join! too, what comes first is polled first.

use futures::future::join_all;

pub async fn report<D>(downloads: Vec<D>, draw: impl FnOnce() -> String) -> (Vec<String>, String)
where
    D: Future<Output = String> + Send + 'static,
{
    let (cover, pages) = futures::join!(async { draw() }, join_all(downloads));
    (pages, cover)
}
