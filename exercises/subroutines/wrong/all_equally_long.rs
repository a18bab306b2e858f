// expect: to_their_ends: panic: no step left
// As if all jobs had as many steps as the first.

use std::collections::VecDeque;

pub type Step<'a> = Box<dyn FnOnce() + 'a>;

pub type Job<'a> = VecDeque<Step<'a>>;

pub fn take_turns(jobs: Vec<Job<'_>>) {
    let mut jobs = jobs;
    for _ in 0..jobs.first().map_or(0, |job| job.len()) {
        for job in &mut jobs {
            job.pop_front().expect("no step left")();
        }
    }
}
