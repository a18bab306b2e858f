// expect: no_more_threads_than_asked_for: wrong: threads used: observed 10, expected 4
// A thread for every number.

use std::thread;

pub fn count_matching<F>(numbers: &[u64], _threads: usize, matches: F) -> usize
where
    F: Fn(u64) -> bool + Sync,
{
    let matches = &matches;
    thread::scope(|scope| {
        let threads: Vec<_> = numbers.iter().map(|n| scope.spawn(move || matches(*n))).collect();
        threads.into_iter().map(|t| usize::from(t.join().unwrap())).sum()
    })
}
