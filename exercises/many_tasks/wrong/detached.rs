// expect: all_at_once: wrong: jobs that have ended: observed 0, expected 1000
// Dropping the handles detaches the tasks; nobody waits for them.

pub async fn count_ok<F>(jobs: Vec<F>) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    let count = jobs.len();
    for job in jobs {
        drop(tokio::spawn(job));
    }
    count
}
