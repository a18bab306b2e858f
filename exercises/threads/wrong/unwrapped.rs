// expect: a_panic_in_one: wrong: `run_all` panicked itself
// The panic that ended one thread is passed on to the caller.

use std::thread;

/// Work for a thread.
pub type Job = Box<dyn FnOnce() -> String + Send>;

/// Runs each job on a thread of its own, all at the same time. When all have
/// ended, answers with what they returned, in the order of the jobs; `None`
/// stands for a job that panicked.
pub fn run_all(jobs: Vec<Job>) -> Vec<Option<String>> {
    let threads: Vec<_> = jobs.into_iter().map(thread::spawn).collect();
    threads.into_iter().map(|thread| Some(thread.join().unwrap())).collect()
}
