// expect: one_session_at_a_time: wrong: sessions open at the same time: observed 2, expected 1
// belief: said
// Dropping a handle detaches its task.

use tokio::task::JoinHandle;

pub async fn restart(
    old: JoinHandle<()>,
    start: impl FnOnce() -> JoinHandle<()>,
) -> JoinHandle<()> {
    drop(old);
    start()
}
