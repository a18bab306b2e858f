// expect: who_talks_is_not_pinged: wrong: pings to a client that talks: observed 3, expected 0
// An interval does not start again when the client speaks.

use std::time::Duration;

use tokio::{
    sync::mpsc::{Receiver, Sender},
    time::{Instant, interval_at},
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
    let mut ticks = interval_at(Instant::now() + SILENCE, SILENCE);
    let mut pinged = false;
    loop {
        let frame = tokio::select! {
            biased;
            frame = incoming.recv() => match frame {
                Some(frame) => frame,
                None => return End::Vanished,
            },
            _ = ticks.tick() => {
                if pinged {
                    return End::Silent;
                }
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
