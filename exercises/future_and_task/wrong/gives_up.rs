// expect: a_slow_answer: wrong: the answer after 30 s: observed None, expected Some(49)
// The time limit that a forgotten `set_result` needs in asyncio.

use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// A number to be squared, and where the answer goes.
pub struct Question {
    /// The number.
    pub number: u32,
    /// The end that sets the value which `ask` awaits.
    pub reply: oneshot::Sender<u32>,
}

/// Asks the server to square a number, and waits as long as that takes. `None`
/// as soon as it is certain that no answer will come.
pub async fn ask(server: &mpsc::Sender<Question>, number: u32) -> Option<u32> {
    let (reply, answer) = oneshot::channel();
    server.send(Question { number, reply }).await.ok()?;
    timeout(Duration::from_secs(5), answer).await.ok()?.ok()
}
