// expect: a_panic_in_one: wrong: `count_ok` panicked itself
// It hands on the panic that the task had kept for itself.

pub async fn count_ok<F>(jobs: Vec<F>) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    let tasks: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
    let mut ok = 0;
    for task in tasks {
        task.await.unwrap();
        ok += 1;
    }
    ok
}
