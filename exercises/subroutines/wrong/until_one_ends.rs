// expect: to_their_ends: wrong: observed ["a1", "b1", "c1"]
// It stops at the first job that has no step left.

use std::collections::VecDeque;

pub type Step<'a> = Box<dyn FnOnce() + 'a>;

pub type Job<'a> = VecDeque<Step<'a>>;

pub fn take_turns(jobs: Vec<Job<'_>>) {
    let mut jobs = jobs;
    loop {
        for job in &mut jobs {
            let Some(step) = job.pop_front() else { return };
            step();
        }
    }
}
