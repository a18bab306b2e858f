// 改好 restart：旧会话彻底结束之后，才能启动新会话。
// Mend restart: the new session may start when the old one is really gone.

use tokio::task::JoinHandle;

/// Ends the session `old` and starts a new one in its place.
///
/// Both need the same port: at no time may there be two.
pub async fn restart(
    old: JoinHandle<()>,
    start: impl FnOnce() -> JoinHandle<()>,
) -> JoinHandle<()> {
    old.abort();
    start()
}
