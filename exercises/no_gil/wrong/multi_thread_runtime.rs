// expect: all_at_the_same_time: wrong: threads used: observed 1, expected 4
// The runtime has several threads; one task is on one of them.

use futures::future::join_all;
use tokio::runtime::Runtime;

pub fn count_matching<F>(numbers: &[u64], threads: usize, matches: F) -> usize
where
    F: Fn(u64) -> bool + Sync,
{
    let size = numbers.len().div_ceil(threads).max(1);
    let parts = numbers.chunks(size);
    let counts = parts.map(async |part| part.iter().filter(|n| matches(**n)).count());
    let runtime = Runtime::new().unwrap();
    runtime.block_on(join_all(counts)).into_iter().sum()
}
