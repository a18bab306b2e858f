// expect: -: does_not_compile: [E0499]
// belief: the_wait_goes_on

use std::time::Duration;
use tokio::time::timeout;

/// A child process. Dropping it does not end it.
pub trait Child {
    /// Waits for its end; whether it ended well. May be called again.
    fn wait(&mut self) -> impl Future<Output = bool>;

    /// Asks the system to end it, and returns at once.
    fn kill(&mut self);
}

/// Waits for the child, at most as long as `limit`: whether it ended well, or
/// `None` if it took too long. Either way, it has ended when this returns.
pub async fn run_within(mut child: impl Child, limit: Duration) -> Option<bool> {
    let ended = child.wait();
    if let Ok(well) = timeout(limit, ended).await {
        return Some(well);
    }
    child.kill();
    ended.await;
    None
}
