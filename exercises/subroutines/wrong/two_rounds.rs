// expect: to_their_ends: wrong: observed ["a1", "b1", "c1", "a2", "a3", "b2"]
// A first step of each, and then the rest: made for two steps.

use std::collections::VecDeque;

pub type Step<'a> = Box<dyn FnOnce() + 'a>;

pub type Job<'a> = VecDeque<Step<'a>>;

pub fn take_turns(jobs: Vec<Job<'_>>) {
    let mut jobs = jobs;
    for job in &mut jobs {
        if let Some(step) = job.pop_front() {
            step();
        }
    }
    for step in jobs.into_iter().flatten() {
        step();
    }
}
