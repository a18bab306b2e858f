// expect: -: does_not_compile: [E0277]
// belief: the_cancellation_is_raised

use tokio::task::JoinHandle;

/// Ends the session `old` and starts a new one in its place.
///
/// Both need the same port: at no time may there be two.
pub async fn restart(
    old: JoinHandle<()>,
    start: impl FnOnce() -> JoinHandle<()>,
) -> JoinHandle<()> {
    old.abort();
    old.await?;
    start()
}
