// 改好 ask：永远等不到答复时，返回 None，不要 panic。
// Mend ask: when no answer will ever come, it answers None and does not panic.

use tokio::sync::{mpsc, oneshot};

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
    server.send(Question { number, reply }).await.unwrap();
    Some(answer.await.unwrap())
}
