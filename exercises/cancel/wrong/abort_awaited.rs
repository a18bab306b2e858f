// expect: -: does_not_compile: [E0277]
// belief: abort_can_be_awaited

use tokio::task::JoinHandle;

/// Ends the session `old` and starts a new one in its place.
///
/// Both need the same port: at no time may there be two.
pub async fn restart(
    old: JoinHandle<()>,
    start: impl FnOnce() -> JoinHandle<()>,
) -> JoinHandle<()> {
    old.abort().await;
    start()
}
