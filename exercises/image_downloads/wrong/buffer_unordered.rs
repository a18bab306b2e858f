// expect: a_fault_stops_no_other: wrong: observed [Err("404: 1!")
// No place stays empty, but the answers come as they end.

use futures::{StreamExt, stream};

pub async fn download_all<F>(
    urls: &[&str],
    at_once: usize,
    download: F,
) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> Result<String, String>,
{
    stream::iter(urls.iter().map(|url| download(url))).buffer_unordered(at_once).collect().await
}
