// expect: one_download_and_one_save: wrong: observed (1, 3), expected (1, 1)
// As quick, but it holds all the pictures in memory and saves them all at once.

use futures::future::join_all;

pub async fn copy_all(
    urls: &[&str],
    download: impl AsyncFn(&str) -> String,
    save: impl AsyncFn(String),
) {
    let mut pictures = Vec::new();
    for url in urls {
        pictures.push(download(url).await);
    }
    join_all(pictures.into_iter().map(|picture| save(picture))).await;
}
