// expect: a_panic_in_one: wrong: `count_ok` panicked itself
// No task, no wall between the jobs: a panic goes through all of them.

use futures::future::join_all;

pub async fn count_ok<F>(jobs: Vec<F>) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    join_all(jobs).await.len()
}
