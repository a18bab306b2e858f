// expect: all_at_once: wrong: most jobs at work: observed 1, expected 1000
// Without a `collect` the iterator spawns a task when the loop comes to it.

pub async fn count_ok<F>(jobs: Vec<F>) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut ok = 0;
    for task in jobs.into_iter().map(tokio::spawn) {
        if task.await.is_ok() {
            ok += 1;
        }
    }
    ok
}
