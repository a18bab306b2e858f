// expect: an_answer: wrong: observed None, expected Some(49)
// belief: sending_needs_no_await

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
    server.send(Question { number, reply });
    answer.await.ok()
}
