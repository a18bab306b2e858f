// 改好 count_matching：把数分成几份，每份交给一个线程，同时检查。
// Mend count_matching: a part of the numbers for each thread, all at the same time.

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
    let count = |part: &[u64]| part.iter().filter(|n| matches(**n)).count();
    // A scope returns when its threads have ended: they may borrow.
    thread::scope(|scope| {
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || count(part))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
