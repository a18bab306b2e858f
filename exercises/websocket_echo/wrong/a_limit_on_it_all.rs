// expect: an_answer_keeps_it: wrong: how the conversation ended: observed Silent, expected Goodbye
// The limit is for a silence, not for the conversation.

use std::time::Duration;

use tokio::{
    sync::mpsc::{Receiver, Sender},
    time::timeout,
};

/// What goes over a WebSocket, either way.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    Text(String),
    Ping,
    Pong,
    Close,
}

/// How a conversation ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum End {
    /// The client said `Close`, and was answered.
    Goodbye,
    /// The connection broke.
    Vanished,
    /// The client did not answer a ping.
    Silent,
}

/// How long a client may be silent.
const SILENCE: Duration = Duration::from_secs(20);

/// Talks to one client until the end.
pub async fn echo(incoming: Receiver<Frame>, outgoing: Sender<Frame>) -> End {
    let ping = outgoing.clone();
    let mut talk = std::pin::pin!(talk(incoming, outgoing));
    if let Ok(end) = timeout(SILENCE, &mut talk).await {
        return end;
    }
    let _ = ping.send(Frame::Ping).await;
    timeout(SILENCE, talk).await.unwrap_or(End::Silent)
}

async fn talk(mut incoming: Receiver<Frame>, outgoing: Sender<Frame>) -> End {
    loop {
        let Some(frame) = incoming.recv().await else {
            return End::Vanished;
        };
        let answer = match frame {
            Frame::Text(text) => Frame::Text(format!("Echo: {text}")),
            Frame::Ping => Frame::Pong,
            Frame::Pong => continue,
            Frame::Close => Frame::Close,
        };
        let last = answer == Frame::Close;
        if outgoing.send(answer).await.is_err() {
            return End::Vanished;
        }
        if last {
            return End::Goodbye;
        }
    }
}
