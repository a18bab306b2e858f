// expect: -: does_not_compile: [E0277]
// belief: a_task_may_borrow

use tokio::task::JoinSet;

pub async fn fetch_all<F>(urls: &[&str], fetch: F) -> Vec<String>
where
    F: AsyncFn(&str) -> String,
{
    let mut downloads = JoinSet::new();
    for url in urls {
        downloads.spawn(fetch(url));
    }
    downloads.join_all().await
}
