// expect: one_session_at_a_time: wrong: time taken: observed 1.05s, expected 1s
// A sleep waits for a time, not for an end.

use tokio::task::JoinHandle;

pub async fn restart(
    old: JoinHandle<()>,
    start: impl FnOnce() -> JoinHandle<()>,
) -> JoinHandle<()> {
    old.abort();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    start()
}
