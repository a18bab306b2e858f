// expect: all_at_once: wrong: most downloads in flight: observed 1, expected 3
// A report for each end, and one end after another.

pub async fn download_all<F>(urls: &[&str], download: F, report: impl Fn(&str)) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let mut pages = Vec::new();
    for url in urls {
        pages.push(download(url).await);
        report(url);
    }
    pages
}
