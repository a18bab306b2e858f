// expect: each_report_at_its_end: wrong: ("a", 0ns)
// The call makes a future; nothing has been downloaded by then.

use futures::future::join_all;

pub async fn download_all<F>(urls: &[&str], download: F, report: impl Fn(&str)) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    join_all(urls.iter().map(|url| {
        let page = download(url);
        report(url);
        page
    }))
    .await
}
