// expect: nothing_to_save: wrong: observed 3.5s, expected 0ns
// A sleep waits for a time, not for an end.

use std::time::Duration;

use tokio::{spawn, time::sleep};

pub async fn program<S, F, H>(numbers: &[u64], save: S, heartbeat: H)
where
    S: Fn(u64) -> F,
    F: Future<Output = ()> + Send + 'static,
    H: Future<Output = ()> + Send + 'static,
{
    let heartbeat = spawn(heartbeat);
    for &number in numbers {
        spawn(save(number));
    }
    sleep(Duration::from_millis(3500)).await;
    heartbeat.abort();
    let _ = heartbeat.await;
}
