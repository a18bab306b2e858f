// expect: all_at_the_same_time: wrong: numbers that match: observed 1, expected 4
// An atomic number, read and written in two steps.

use std::{
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    thread,
};

pub fn count_matching<F>(numbers: &[u64], threads: usize, matches: F) -> usize
where
    F: Fn(u64) -> bool + Sync,
{
    let size = numbers.len().div_ceil(threads).max(1);
    let total = AtomicUsize::new(0);
    let (sum, look) = (&total, &matches);
    thread::scope(|scope| {
        for part in numbers.chunks(size) {
            scope.spawn(move || {
                for n in part {
                    let seen = sum.load(SeqCst);
                    if look(*n) {
                        sum.store(seen + 1, SeqCst);
                    }
                }
            });
        }
    });
    total.into_inner()
}
