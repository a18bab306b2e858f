// 补全 echo：对方沉默 20 秒就问一声，再沉默 20 秒就算走了。
// Complete echo: ping a client after 20 s of silence; after 20 s more it is gone.

use tokio::sync::mpsc::{Receiver, Sender};

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
