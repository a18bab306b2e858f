// expect: -: does_not_compile: [E0618]
// belief: a_job_is_to_be_called

/// Runs each job in a task of its own, all at the same time. When all have
/// ended, answers how many of them ended without a panic.
pub async fn count_ok<F>(jobs: Vec<F>) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut tasks = Vec::new();
    for job in jobs {
        tasks.push(tokio::spawn(job()));
    }
    let mut ok = 0;
    for task in tasks {
        if task.await.is_ok() {
            ok += 1;
        }
    }
    ok
}
