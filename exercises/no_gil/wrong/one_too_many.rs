// expect: no_more_threads_than_asked_for: wrong: threads used: observed 5, expected 4
// The division has a remainder, and it gets a thread of its own.

use std::thread;

pub fn count_matching<F>(numbers: &[u64], threads: usize, matches: F) -> usize
where
    F: Fn(u64) -> bool + Sync,
{
    let size = (numbers.len() / threads).max(1);
    let count = |part: &[u64]| part.iter().filter(|n| matches(**n)).count();
    thread::scope(|scope| {
        let parts = numbers.chunks(size);
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || count(part))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
