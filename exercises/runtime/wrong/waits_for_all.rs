// expect: nothing_is_lost: hung: Some task goes on with its timers for ever
// belief: everything_ends
// The heartbeat never ends by itself.

use tokio::task::JoinSet;

pub async fn program<S, F, H>(numbers: &[u64], save: S, heartbeat: H)
where
    S: Fn(u64) -> F,
    F: Future<Output = ()> + Send + 'static,
    H: Future<Output = ()> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    tasks.spawn(heartbeat);
    for &number in numbers {
        tasks.spawn(save(number));
    }
    tasks.join_all().await;
}
