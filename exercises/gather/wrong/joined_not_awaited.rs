// expect: -: does_not_compile: [E0308]
// belief: calling_gather_is_enough

use futures::future::join_all;

pub async fn fetch_all<F>(urls: &[&str], fetch: F) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    join_all(urls.iter().map(|url| fetch(url)))
}
