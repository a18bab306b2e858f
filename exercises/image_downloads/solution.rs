// 改好 download_all：最多 at_once 个同时下载，一个失败不影响别的。
// Mend download_all: at most `at_once` downloads at a time, and a fault stops no other.

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
        let _place = room.acquire().await.expect("nobody closes it");
        download(url).await
    };
    join_all(urls.iter().map(in_turn)).await
}
