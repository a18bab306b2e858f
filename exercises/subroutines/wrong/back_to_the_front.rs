// expect: one_step_each: wrong: observed ["1", "2", "3", "4"]
// The job that had its turn stands in front again.

use std::collections::VecDeque;

pub type Step<'a> = Box<dyn FnOnce() + 'a>;

pub type Job<'a> = VecDeque<Step<'a>>;

pub fn take_turns(jobs: Vec<Job<'_>>) {
    let mut queue = VecDeque::from(jobs);
    while let Some(mut job) = queue.pop_front() {
        if let Some(step) = job.pop_front() {
            step();
            queue.push_front(job);
        }
    }
}
