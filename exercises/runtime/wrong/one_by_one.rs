// expect: nothing_is_lost: wrong: time taken: observed 6s, expected 3s
// Awaited one after another, the saves do not overlap.

use tokio::spawn;

pub async fn program<S, F, H>(numbers: &[u64], save: S, heartbeat: H)
where
    S: Fn(u64) -> F,
    F: Future<Output = ()> + Send + 'static,
    H: Future<Output = ()> + Send + 'static,
{
    let heartbeat = spawn(heartbeat);
    for &number in numbers {
        save(number).await;
    }
    heartbeat.abort();
    let _ = heartbeat.await;
}
