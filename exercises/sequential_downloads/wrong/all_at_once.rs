// expect: one_download_and_one_save: wrong: observed (3, 3), expected (1, 1)
// That is image_downloads.

use futures::future::join_all;

pub async fn copy_all(
    urls: &[&str],
    download: impl AsyncFn(&str) -> String,
    save: impl AsyncFn(String),
) {
    join_all(urls.iter().map(async |url| save(download(url).await).await)).await;
}
