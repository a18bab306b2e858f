// 补全 fetch_all：所有下载同时进行，结果按网址的顺序返回。
// Fill in fetch_all: all downloads at once, results in the order of the URLs.

/// Fetches every URL. The answer holds one page for each, in their order.
pub async fn fetch_all<F>(urls: &[&str], fetch: F) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let mut pages = Vec::new();
    for url in urls {
        pages.push(fetch(url).await);
    }
    pages
}
