// expect: -: does_not_compile: [E0599]
// belief: a_place_is_released_by_a_call

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
        let _place = room.acquire().await.unwrap();
        let picture = download(url).await;
        room.release();
        picture
    };
    join_all(urls.iter().map(in_turn)).await
}
