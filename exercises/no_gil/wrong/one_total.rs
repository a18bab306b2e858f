// expect: -: does_not_compile: [E0499]
// belief: threads_share_a_total

use std::thread;

/// Counts the numbers that `matches`, on so many `threads` at the same time.
/// Each number is looked at once.
///
/// # Panics
/// If `threads` is 0.
pub fn count_matching<F>(numbers: &[u64], threads: usize, matches: F) -> usize
where
    F: Fn(u64) -> bool + Sync,
{
    let size = numbers.len().div_ceil(threads).max(1);
    let parts = numbers.chunks(size);
    let mut total = 0;
    thread::scope(|scope| {
        for part in parts {
            scope.spawn(|| total += part.iter().filter(|n| matches(**n)).count());
        }
    });
    total
}
