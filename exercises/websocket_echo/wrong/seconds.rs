// expect: -: does_not_compile: [E0308]
// belief: seconds_are_a_number

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

/// Talks to one client until the end.
pub async fn echo(mut incoming: Receiver<Frame>, outgoing: Sender<Frame>) -> End {
    let mut pinged = false;
    loop {
        let frame = match timeout(20, incoming.recv()).await {
            Ok(Some(frame)) => frame,
            Ok(None) => return End::Vanished,
            Err(_) if pinged => return End::Silent,
            Err(_) => {
                pinged = true;
                if outgoing.send(Frame::Ping).await.is_err() {
                    return End::Vanished;
                }
                continue;
            }
        };
        pinged = false;
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
