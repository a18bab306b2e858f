// expect: -: does_not_compile: [E0599]
// belief: join_all_catches

/// Runs each job in a task of its own, all at the same time. When all have
/// ended, answers how many of them ended without a panic.
pub async fn count_ok<F>(jobs: Vec<F>) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    let ends = futures::future::join_all(jobs).await;
    ends.into_iter().filter(|end| end.is_ok()).count()
}
