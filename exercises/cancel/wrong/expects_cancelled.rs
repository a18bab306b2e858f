// expect: a_session_that_panicked: panic: is_cancelled
// A session may also have ended by itself.

use tokio::task::JoinHandle;

pub async fn restart(
    old: JoinHandle<()>,
    start: impl FnOnce() -> JoinHandle<()>,
) -> JoinHandle<()> {
    old.abort();
    if let Err(error) = old.await {
        assert!(error.is_cancelled());
    }
    start()
}
