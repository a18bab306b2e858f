// expect: whoever_is_free_takes_the_next: wrong: time taken: observed 6s, expected 4s
// Every worker gets its share before anyone knows what takes long.

use std::future::Future;

use futures::future::join_all;

pub async fn run_workers<F, W>(items: Vec<u32>, workers: usize, work: F)
where
    F: Fn(u32) -> W + Clone + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let work = &work;
    let share = items.len().div_ceil(workers).max(1);
    let shares = items.chunks(share).map(|share| async move {
        for &item in share {
            work(item).await;
        }
    });
    join_all(shares).await;
}
