// expect: -: does_not_compile: [E0277]
// belief: abort_can_be_awaited

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
    let saves: Vec<_> = numbers.iter().map(|&number| spawn(save(number))).collect();
    for save in saves {
        save.await.unwrap();
    }
    heartbeat.abort().await;
}
