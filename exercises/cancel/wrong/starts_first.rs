// expect: one_session_at_a_time: wrong: sessions open at the same time: observed 2
// The new session starts while the old one is there.

use tokio::task::JoinHandle;

pub async fn restart(
    old: JoinHandle<()>,
    start: impl FnOnce() -> JoinHandle<()>,
) -> JoinHandle<()> {
    let new = start();
    old.abort();
    let _ = old.await;
    new
}
