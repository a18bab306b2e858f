// expect: all_at_the_same_time: wrong: most at work at the same time: observed 1, expected 4
// A lock around the work is a GIL.

use std::{sync::Mutex, thread};

pub fn count_matching<F>(numbers: &[u64], threads: usize, matches: F) -> usize
where
    F: Fn(u64) -> bool + Sync,
{
    let size = numbers.len().div_ceil(threads).max(1);
    let total = Mutex::new(0);
    let (sum, look) = (&total, &matches);
    thread::scope(|scope| {
        for part in numbers.chunks(size) {
            scope.spawn(move || {
                for n in part {
                    let mut total = sum.lock().unwrap();
                    *total += usize::from(look(*n));
                }
            });
        }
    });
    total.into_inner().unwrap()
}
