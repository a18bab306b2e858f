// expect: -: does_not_compile: [E0277]
// belief: the_call_goes_to_the_thread

use std::thread;

/// Work for a thread.
pub type Job = Box<dyn FnOnce() -> String + Send>;

/// Runs each job on a thread of its own, all at the same time. When all have
/// ended, answers with what they returned, in the order of the jobs; `None`
/// stands for a job that panicked.
pub fn run_all(jobs: Vec<Job>) -> Vec<Option<String>> {
    let threads: Vec<_> = jobs.into_iter().map(|job| thread::spawn(job())).collect();
    threads.into_iter().map(|thread| thread.join().ok()).collect()
}
