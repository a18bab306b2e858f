// expect: nothing_is_lost: wrong: `block_on` waits for the one future it was given
// belief: said
// As if the runtime waited for its tasks.

use tokio::{spawn, task::yield_now};

pub async fn program<S, F, H>(numbers: &[u64], save: S, heartbeat: H)
where
    S: Fn(u64) -> F,
    F: Future<Output = ()> + Send + 'static,
    H: Future<Output = ()> + Send + 'static,
{
    spawn(heartbeat);
    for &number in numbers {
        spawn(save(number));
    }
    yield_now().await;
}
