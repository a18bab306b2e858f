// expect: no_more_than_allowed: wrong: most downloads under way: observed 10, expected 3
// `let _ =` drops the permit where it stands.

use futures::future::join_all;
use tokio::sync::Semaphore;

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
        let _ = room.acquire().await;
        download(url).await
    };
    join_all(urls.iter().map(in_turn)).await
}
