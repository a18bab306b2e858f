// expect: -: does_not_compile: [E0310]
// belief: a_thread_may_borrow

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
    let threads: Vec<_> =
        parts.map(|part| thread::spawn(|| part.iter().filter(|n| matches(**n)).count())).collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).sum()
}
