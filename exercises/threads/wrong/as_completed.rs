// expect: in_the_order_of_the_jobs: wrong: observed [Some("c"), Some("b"), Some("a")]
// A channel delivers in the order of the ends.

use std::{sync::mpsc, thread};

/// Work for a thread.
pub type Job = Box<dyn FnOnce() -> String + Send>;

/// Runs each job on a thread of its own, all at the same time. When all have
/// ended, answers with what they returned, in the order of the jobs; `None`
/// stands for a job that panicked.
pub fn run_all(jobs: Vec<Job>) -> Vec<Option<String>> {
    let (sender, receiver) = mpsc::channel();
    for job in jobs {
        let sender = sender.clone();
        thread::spawn(move || {
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job)).ok();
            sender.send(result)
        });
    }
    drop(sender);
    receiver.into_iter().collect()
}
