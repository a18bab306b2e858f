// expect: one_session_at_a_time: panic: Cancelled
// belief: a_cancelled_task_has_a_value
// A cancelled task ends with an error: that is what was wanted.

use tokio::task::JoinHandle;

pub async fn restart(
    old: JoinHandle<()>,
    start: impl FnOnce() -> JoinHandle<()>,
) -> JoinHandle<()> {
    old.abort();
    old.await.unwrap();
    start()
}
