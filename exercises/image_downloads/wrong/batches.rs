// expect: no_place_stays_empty: wrong: observed 9s, expected 6s
// Each batch waits for its slowest.

use futures::future::join_all;

pub async fn download_all<F>(
    urls: &[&str],
    at_once: usize,
    download: F,
) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> Result<String, String>,
{
    let mut pictures = Vec::new();
    for batch in urls.chunks(at_once) {
        pictures.extend(join_all(batch.iter().map(|url| download(url))).await);
    }
    pictures
}
