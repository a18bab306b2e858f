// expect: a_panic_in_one: wrong: jobs that ended well: observed 0, expected 2
// The first error ends the counting, and the others are left to themselves.

use futures::future::try_join_all;

pub async fn count_ok<F>(jobs: Vec<F>) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    try_join_all(jobs.into_iter().map(tokio::spawn)).await.map_or(0, |ended| ended.len())
}
