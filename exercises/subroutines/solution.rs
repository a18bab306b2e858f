// 改好 take_turns：每份工作做一步，就轮到下一份。
// Mend take_turns: after one step of a job comes one of the next job.

use std::collections::VecDeque;

/// A plain call, which runs to its end.
pub type Step<'a> = Box<dyn FnOnce() + 'a>;

/// A function cut into steps: what is left of it.
pub type Job<'a> = VecDeque<Step<'a>>;

/// Runs the jobs to their ends, one step of each in turn.
pub fn take_turns(jobs: Vec<Job<'_>>) {
    let mut queue = VecDeque::from(jobs);
    while let Some(mut job) = queue.pop_front() {
        if let Some(step) = job.pop_front() {
            step();
            queue.push_back(job);
        }
    }
}
