// expect: an_answer_keeps_it: wrong: what the client got: observed [Ping, Ping, Ping, Close]
// What ends the silence after a ping is taken for a pong, and goes unanswered.

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
pub async fn echo(mut incoming: Receiver<Frame>, outgoing: Sender<Frame>) -> End {
    loop {
        let frame = match timeout(SILENCE, incoming.recv()).await {
            Ok(Some(frame)) => frame,
            Ok(None) => return End::Vanished,
            Err(_) => {
                if outgoing.send(Frame::Ping).await.is_err() {
                    return End::Vanished;
                }
                match timeout(SILENCE, incoming.recv()).await {
                    Ok(Some(_)) => continue,
                    Ok(None) => return End::Vanished,
                    Err(_) => return End::Silent,
                }
            }
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
