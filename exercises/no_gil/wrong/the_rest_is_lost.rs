// expect: any_number: wrong: 10 numbers on 4 threads
// The division has a remainder.

use std::thread;

pub fn count_matching<F>(numbers: &[u64], threads: usize, matches: F) -> usize
where
    F: Fn(u64) -> bool + Sync,
{
    let size = (numbers.len() / threads).max(1);
    let count = |part: &[u64]| part.iter().filter(|n| matches(**n)).count();
    thread::scope(|scope| {
        let parts = numbers.chunks(size).take(threads);
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || count(part))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
