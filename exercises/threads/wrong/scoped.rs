// expect: a_panic_in_one: wrong: `run_all` panicked itself
// A scope that joins for you panics if one of its threads did.

use std::thread;

/// Work for a thread.
pub type Job = Box<dyn FnOnce() -> String + Send>;

/// Runs each job on a thread of its own, all at the same time. When all have
/// ended, answers with what they returned, in the order of the jobs; `None`
/// stands for a job that panicked.
pub fn run_all(jobs: Vec<Job>) -> Vec<Option<String>> {
    let mut results: Vec<Option<String>> = vec![None; jobs.len()];
    thread::scope(|scope| {
        for (job, result) in jobs.into_iter().zip(&mut results) {
            scope.spawn(move || *result = Some(job()));
        }
    });
    results
}
