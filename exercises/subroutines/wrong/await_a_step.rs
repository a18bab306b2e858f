// expect: -: does_not_compile: [E0728]
// belief: await_lets_others_run

use std::collections::VecDeque;

/// A plain call, which runs to its end.
pub type Step<'a> = Box<dyn FnOnce() + 'a>;

/// A function cut into steps: what is left of it.
pub type Job<'a> = VecDeque<Step<'a>>;

/// Runs the jobs to their ends, one step of each in turn.
pub fn take_turns(jobs: Vec<Job<'_>>) {
    for job in jobs {
        for step in job {
            step().await;
        }
    }
}
