// expect: the_question_is_dropped: hung: the program still runs
// belief: not_yet_is_never
// `while not future.done()`: it takes "not yet" and "never" for the same.

use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

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
    let (reply, mut answer) = oneshot::channel();
    server.send(Question { number, reply }).await.ok()?;
    loop {
        match answer.try_recv() {
            Ok(square) => return Some(square),
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}
