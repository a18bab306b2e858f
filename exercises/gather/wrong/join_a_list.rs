// expect: -: does_not_compile: [E0277]
// belief: join_takes_a_list

pub async fn fetch_all<F>(urls: &[&str], fetch: F) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let downloads: Vec<_> = urls.iter().map(|url| fetch(url)).collect();
    let (pages,) = tokio::join!(downloads);
    pages
}
