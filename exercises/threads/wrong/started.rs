// expect: -: does_not_compile: [E0599]
// belief: a_thread_is_started

use std::thread;

/// Work for a thread.
pub type Job = Box<dyn FnOnce() -> String + Send>;

/// Runs each job on a thread of its own, all at the same time. When all have
/// ended, answers with what they returned, in the order of the jobs; `None`
/// stands for a job that panicked.
pub fn run_all(jobs: Vec<Job>) -> Vec<Option<String>> {
    let threads: Vec<_> = jobs.into_iter().map(thread::spawn).collect();
    for thread in &threads {
        thread.start();
    }
    threads.into_iter().map(|thread| thread.join().ok()).collect()
}
