// expect: all_at_once: wrong: most downloads in flight: observed 1, expected 3
// In asyncio this works with create_task. A future alone does not start.

pub async fn fetch_all<F>(urls: &[&str], fetch: F) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let downloads: Vec<_> = urls.iter().map(|url| fetch(url)).collect();
    let mut pages = Vec::new();
    for download in downloads {
        pages.push(download.await);
    }
    pages
}
