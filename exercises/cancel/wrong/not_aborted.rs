// expect: one_session_at_a_time: deadlock: nothing will wake
// Nobody tells the session to end.

use tokio::task::JoinHandle;

pub async fn restart(
    old: JoinHandle<()>,
    start: impl FnOnce() -> JoinHandle<()>,
) -> JoinHandle<()> {
    let _ = old.await;
    start()
}
