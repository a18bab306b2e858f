// expect: no_more_than_allowed: wrong: most downloads under way: observed 10, expected 3
// belief: acquiring_holds_the_place

use futures::future::join_all;
use tokio::sync::Semaphore;

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
    let room = Semaphore::new(at_once);
    let in_turn = async |url: &&str| {
        room.acquire().await;
        download(url).await
    };
    join_all(urls.iter().map(in_turn)).await
}
