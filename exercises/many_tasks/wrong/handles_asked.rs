// expect: -: does_not_compile: [E0599]
// belief: a_handle_knows_how_it_ended

/// Runs each job in a task of its own, all at the same time. When all have
/// ended, answers how many of them ended without a panic.
pub async fn count_ok<F>(jobs: Vec<F>) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    let tasks: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
    tasks.iter().filter(|task| task.is_ok()).count()
}
