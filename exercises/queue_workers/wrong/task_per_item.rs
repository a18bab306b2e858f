// expect: three_at_once: wrong: most items in work: observed 9, expected 3
// Three workers are a bound; a task for each item is none.

use std::future::Future;

use futures::future::join_all;

pub async fn run_workers<F, W>(items: Vec<u32>, _workers: usize, work: F)
where
    F: Fn(u32) -> W + Clone + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    join_all(items.into_iter().map(work)).await;
}
