// expect: -: does_not_compile: [E0277]
// belief: a_task_may_borrow

pub async fn fetch_all<F>(urls: &[&str], fetch: F) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let mut downloads = Vec::new();
    for url in urls {
        downloads.push(tokio::spawn(fetch(url)));
    }
    let mut pages = Vec::new();
    for download in downloads {
        pages.push(download.await.unwrap());
    }
    pages
}
