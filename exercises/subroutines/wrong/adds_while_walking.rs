// expect: -: does_not_compile: [E0382]
// belief: a_loop_sees_what_is_added

use std::collections::VecDeque;

/// A plain call, which runs to its end.
pub type Step<'a> = Box<dyn FnOnce() + 'a>;

/// A function cut into steps: what is left of it.
pub type Job<'a> = VecDeque<Step<'a>>;

/// Runs the jobs to their ends, one step of each in turn.
pub fn take_turns(mut jobs: Vec<Job<'_>>) {
    for mut job in jobs {
        if let Some(step) = job.pop_front() {
            step();
            jobs.push(job);
        }
    }
}
