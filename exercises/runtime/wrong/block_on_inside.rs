// expect: nothing_is_lost: panic: Cannot start a runtime from within a runtime
// belief: block_on_works_in_here
// An async fn awaits; it cannot block on a future.

use tokio::{runtime::Handle, spawn};

pub async fn program<S, F, H>(numbers: &[u64], save: S, heartbeat: H)
where
    S: Fn(u64) -> F,
    F: Future<Output = ()> + Send + 'static,
    H: Future<Output = ()> + Send + 'static,
{
    spawn(heartbeat);
    for &number in numbers {
        Handle::current().block_on(save(number));
    }
}
