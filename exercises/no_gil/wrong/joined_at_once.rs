// expect: all_at_the_same_time: wrong: most at work at the same time: observed 1, expected 4
// Four threads, one after another: map is lazy.

use std::thread;

pub fn count_matching<F>(numbers: &[u64], threads: usize, matches: F) -> usize
where
    F: Fn(u64) -> bool + Sync,
{
    let size = numbers.len().div_ceil(threads).max(1);
    let parts = numbers.chunks(size);
    let count = |part: &[u64]| part.iter().filter(|n| matches(**n)).count();
    thread::scope(|scope| {
        parts
            .map(|part| scope.spawn(move || count(part)))
            .map(|thread| thread.join().unwrap())
            .sum()
    })
}
