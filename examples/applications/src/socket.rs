//! A WebSocket server's side of one connection, with the limits that the
//! protocol leaves to the program.

use std::{io, time::Duration};

use futures::{SinkExt, TryStreamExt};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, accept_async_with_config,
    tungstenite::{
        Bytes, Error, Message, Result,
        protocol::{CloseFrame, WebSocketConfig, frame::coding::CloseCode},
    },
};

/// One client's connection.
pub type Socket = WebSocketStream<TcpStream>;

/// The longest message, in bytes.
pub const LIMIT: usize = 1024;

/// A client that is silent for so long gets a ping; if it stays silent for as
/// long again, it is gone.
pub const SILENCE: Duration = Duration::from_secs(5);

/// How long the end of a connection may take.
pub const GRACE: Duration = Duration::from_secs(1);

/// Turns a connection into a WebSocket.
///
/// # Errors
///
/// The client speaks something else, or says nothing.
pub async fn accept(stream: TcpStream) -> Result<Socket> {
    let config =
        WebSocketConfig::default().max_message_size(Some(LIMIT)).max_frame_size(Some(LIMIT));
    let handshake = accept_async_with_config(stream, Some(config));
    let socket = timeout(SILENCE, handshake).await;
    socket.map_err(io::Error::from)?
}

/// The client's next message, or `None` after its goodbye.
///
/// # Errors
///
/// The client vanished, or its message was too long; then it has been told.
pub async fn next(socket: &mut Socket) -> Result<Option<Message>> {
    let message = hear(socket).await;
    if let Err(Error::Capacity(_)) = message {
        let refusal = refuse(socket);
        let _ = timeout(GRACE, refusal).await;
    }
    message
}

/// Sends a message.
///
/// # Errors
///
/// The client vanished, or does not read: the system has no more room for what
/// it is sent.
pub async fn send(socket: &mut Socket, message: Message) -> Result<()> {
    let sent = timeout(SILENCE, socket.send(message)).await;
    sent.map_err(io::Error::from)?
}

async fn hear(socket: &mut Socket) -> Result<Option<Message>> {
    // The library's answers to pings.
    let flushed = timeout(SILENCE, socket.flush()).await;
    flushed.map_err(io::Error::from)??;
    let heard = timeout(SILENCE, socket.try_next());
    if let Ok(message) = heard.await {
        return message;
    }
    send(socket, Message::Ping(Bytes::new())).await?;
    let heard = timeout(SILENCE, socket.try_next());
    heard.await.map_err(io::Error::from)?
}

/// Says goodbye, and waits for the client's.
///
/// # Errors
///
/// The client does not answer in time, or vanished.
pub async fn close(socket: &mut Socket, code: CloseCode) -> Result<()> {
    let goodbye = async {
        socket.close(Some(frame(code))).await?;
        while socket.try_next().await?.is_some() {}
        Ok(())
    };
    let closed = timeout(GRACE, goodbye).await;
    closed.map_err(io::Error::from)?
}

/// Says that the message is too long, and reads its rest all the same: the
/// system answers unread bytes with a reset, which can overtake the goodbye.
async fn refuse(socket: &mut Socket) -> Result<()> {
    let goodbye = frame(CloseCode::Size);
    socket.close(Some(goodbye)).await?;
    let stream = socket.get_mut();
    stream.shutdown().await?;
    let mut nowhere = tokio::io::sink();
    tokio::io::copy(stream, &mut nowhere).await?;
    Ok(())
}

fn frame(code: CloseCode) -> CloseFrame {
    CloseFrame { code, reason: "".into() }
}
