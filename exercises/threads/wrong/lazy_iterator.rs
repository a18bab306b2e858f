// expect: all_at_once: wrong: jobs that met: observed 1, expected 3
// Two `map`s in a row start a thread and join it before the next one.

use std::thread;

/// Work for a thread.
pub type Job = Box<dyn FnOnce() -> String + Send>;

/// Runs each job on a thread of its own, all at the same time. When all have
/// ended, answers with what they returned, in the order of the jobs; `None`
/// stands for a job that panicked.
pub fn run_all(jobs: Vec<Job>) -> Vec<Option<String>> {
    jobs.into_iter().map(thread::spawn).map(|thread| thread.join().ok()).collect()
}
