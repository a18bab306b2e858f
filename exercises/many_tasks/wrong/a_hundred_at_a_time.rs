// expect: all_at_once: wrong: most jobs at work: observed 100, expected 1000
// A bound that nobody asked for.

use futures::{StreamExt, stream};

pub async fn count_ok<F>(jobs: Vec<F>) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    stream::iter(jobs)
        .map(tokio::spawn)
        .buffer_unordered(100)
        .filter(|ended| std::future::ready(ended.is_ok()))
        .count()
        .await
}
