// expect: -: does_not_compile: error
// belief: a_task_may_borrow

use tokio::spawn;

/// Saves every number, all at the same time, while the heart beats.
///
/// The heartbeat never ends by itself. When this function returns, every
/// number is saved, and the heartbeat is gone.
pub async fn program<S, F, H>(numbers: &[u64], save: S, heartbeat: H)
where
    S: Fn(u64) -> F,
    F: Future<Output = ()> + Send + 'static,
    H: Future<Output = ()> + Send + 'static,
{
    let heartbeat = spawn(heartbeat);
    let mut saves = Vec::new();
    for &number in numbers {
        saves.push(spawn(async move { save(number).await }));
    }
    for save in saves {
        save.await.unwrap();
    }
    heartbeat.abort();
    let _ = heartbeat.await;
}
