// expect: no_more_than_allowed: wrong: most downloads under way: observed 1, expected 3
// No more than allowed, but fewer.

pub async fn download_all<F>(
    urls: &[&str],
    _at_once: usize,
    download: F,
) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> Result<String, String>,
{
    let mut pictures = Vec::new();
    for url in urls {
        pictures.push(download(url).await);
    }
    pictures
}
