// expect: no_place_stays_empty: wrong: observed 9s, expected 6s
// The results that wait for the first one keep their places.

use futures::{StreamExt, stream};

pub async fn download_all<F>(
    urls: &[&str],
    at_once: usize,
    download: F,
) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> Result<String, String>,
{
    stream::iter(urls.iter().map(|url| download(url))).buffered(at_once).collect().await
}
