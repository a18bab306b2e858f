//! The server as a process of its own, and clients that do what clients do.

use crate::program;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use futures::{SinkExt, StreamExt, future::join_all};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Bytes, Message,
        protocol::{
            frame::coding::{CloseCode, Data, OpCode},
            frame::{Frame, FrameHeader},
        },
    },
};

struct Server {
    child: Child,
    url: String,
}

/// How a server ended.
struct End {
    success: bool,
    stdout: String,
    stderr: String,
}

impl Server {
    fn start(lang: &str) -> Self {
        Self::of(program::command("websocket_echo", lang))
    }

    /// The Python server.
    fn twin() -> Self {
        let mut command = program::python();
        command.args(["-u", concat!(env!("CARGO_MANIFEST_DIR"), "/websocket_echo.py")]);
        Self::of(command)
    }

    fn of(mut command: Command) -> Self {
        let mut child = command
            .arg("127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut url = String::new();
        let stdout = child.stdout.take().expect("piped");
        let mut stdout = BufReader::new(stdout);
        stdout.read_line(&mut url).unwrap();
        child.stdout = Some(stdout.into_inner());
        Self { child, url: url.trim().to_owned() }
    }

    fn address(&self) -> &str {
        self.url.trim_start_matches("ws://")
    }

    /// What Ctrl-C sends.
    fn interrupt(&self) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-INT", &id]).status();
        assert!(status.unwrap().success());
    }

    /// The next line about a client.
    fn line(&mut self) -> String {
        let stderr = self.child.stderr.as_mut().unwrap();
        let mut line = Vec::new();
        let mut byte = [0];
        while byte != *b"\n" && stderr.read(&mut byte).unwrap() == 1 {
            line.push(byte[0]);
        }
        let line = String::from_utf8(line).unwrap();
        line.trim_end().to_owned()
    }

    fn end(mut self) -> End {
        let mut end = End { success: false, stdout: String::new(), stderr: String::new() };
        let mut stdout = self.child.stdout.take().unwrap();
        let mut stderr = self.child.stderr.take().unwrap();
        stdout.read_to_string(&mut end.stdout).unwrap();
        stderr.read_to_string(&mut end.stderr).unwrap();
        end.success = self.child.wait().unwrap().success();
        end
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

type Client = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

async fn connect(server: &Server) -> Client {
    connect_async(&server.url).await.unwrap().0
}

async fn say(client: &mut Client, text: &str) -> String {
    client.send(Message::text(text)).await.unwrap();
    let reply = client.next().await.unwrap().unwrap();
    reply.into_text().unwrap().to_string()
}

/// The code with which the server closes.
async fn closed_with(client: &mut Client) -> Option<CloseCode> {
    while let Some(Ok(message)) = client.next().await {
        if let Message::Close(frame) = message {
            return frame.map(|frame| frame.code);
        }
    }
    None
}

#[tokio::test]
async fn ctrl_c_says_goodbye_to_everyone() {
    let server = Server::start("en");
    let mut clients = join_all((0..5).map(|_| connect(&server))).await;
    for client in &mut clients {
        assert_eq!(say(client, "hi").await, "Echo: hi");
    }
    server.interrupt();
    let codes = join_all(clients.iter_mut().map(async |client| {
        let code = closed_with(client).await;
        // Reads on until the connection is over.
        assert!(client.next().await.is_none());
        code
    }))
    .await;
    assert_eq!(codes, [Some(CloseCode::Away); 5]);
    let end = server.end();
    assert_eq!(end.stdout, "Server stopped\n");
    assert_eq!(end.stderr, "");
    assert!(end.success);
}

#[tokio::test]
async fn a_client_that_says_goodbye_gets_one() {
    let server = Server::start("en");
    let mut client = connect(&server).await;
    client.close(None).await.unwrap();
    let goodbye = client.next().await;
    assert!(matches!(goodbye, Some(Ok(Message::Close(_)))));
    assert!(client.next().await.is_none());
    server.interrupt();
    assert_eq!(server.end().stderr, "");
}

#[tokio::test]
async fn a_ping_is_answered() {
    let server = Server::start("en");
    let mut client = connect(&server).await;
    let payload = Bytes::from_static(b"42");
    client.send(Message::Ping(payload.clone())).await.unwrap();
    let pong = client.next().await.unwrap();
    assert_eq!(pong.unwrap(), Message::Pong(payload));
    assert_eq!(say(&mut client, "hi").await, "Echo: hi");
}

#[tokio::test]
async fn a_client_that_vanishes_is_a_line() {
    let mut server = Server::start("en");
    let mut other = connect(&server).await;
    let vanishes = connect(&server).await;
    drop(vanishes);
    assert_eq!(server.line(), "client 2: gone without a goodbye");
    // So is one whose computer answers with a reset.
    let resets = connect(&server).await;
    let MaybeTlsStream::Plain(stream) = resets.get_ref() else {
        panic!("no TLS here");
    };
    stream.set_zero_linger().unwrap();
    drop(resets);
    assert_eq!(server.line(), "client 3: gone without a goodbye");
    assert_eq!(say(&mut other, "hi").await, "Echo: hi");
}

/// Sends this again and again and reads nothing, until the server hangs up.
async fn flood(client: &mut Client, message: Message) {
    let flood = async { while client.send(message.clone()).await.is_ok() {} };
    let ended = tokio::time::timeout(Duration::from_secs(120), flood).await;
    ended.expect("the server hangs up on a client that does not read");
}

/// It fills what the system keeps for it, and then the server's `send` waits.
/// So does the answer to a ping.
#[tokio::test]
#[ignore = "takes as long as the server's patience: five seconds"]
async fn a_client_that_does_not_read_is_gone() {
    for message in [Message::text("x".repeat(1000)), Message::Ping(vec![b'x'; 100].into())] {
        let mut server = Server::start("en");
        let mut other = connect(&server).await;
        let mut deaf = connect(&server).await;
        let answers = async {
            while say(&mut other, "hi").await == "Echo: hi" {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        };
        tokio::select! {
            () = flood(&mut deaf, message) => {}
            () = answers => panic!("the others are served all the while"),
        }
        assert_eq!(server.line(), "client 2: no answer for too long");
        assert_eq!(say(&mut other, "hi").await, "Echo: hi");
    }
}

#[tokio::test]
#[ignore = "needs Python with websockets"]
async fn a_client_that_does_not_read_is_gone_in_python_too() {
    let server = Server::twin();
    let mut deaf = connect(&server).await;
    flood(&mut deaf, Message::text("x".repeat(1000))).await;
    let mut other = connect(&server).await;
    assert_eq!(say(&mut other, "hi").await, "Echo: hi");
}

/// A task panics: nobody reads what the server writes to standard error.
#[tokio::test]
async fn a_panic_costs_the_others_nothing() {
    let mut server = Server::start("en");
    let mut other = connect(&server).await;
    let vanishes = connect(&server).await;
    drop(server.child.stderr.take());
    drop(vanishes);
    // Until its task has panicked, as far as can be told from here.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(say(&mut other, "hi").await, "Echo: hi");
    server.interrupt();
    assert_eq!(closed_with(&mut other).await, Some(CloseCode::Away));
    assert!(server.child.wait().unwrap().success());
}

/// The server has no file descriptor left for another client.
#[tokio::test]
#[cfg(unix)]
async fn a_client_that_cannot_be_accepted_is_a_line() {
    let program = program::command("websocket_echo", "en");
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -n 16; exec \"$0\" \"$@\""]).arg(program.get_program());
    shell.env("WB_LANG", "en");
    let mut server = Server::of(shell);
    let mut first = connect(&server).await;
    let others: Vec<_> = (0..20).map(|_| TcpStream::connect(server.address()).unwrap()).collect();
    let line = server.line();
    assert!(line.starts_with("accept: "), "{line}");
    assert_eq!(say(&mut first, "hi").await, "Echo: hi");
    // There is room again.
    drop(others);
    let mut another = connect(&server).await;
    assert_eq!(say(&mut another, "hi").await, "Echo: hi");
}

#[tokio::test]
async fn it_speaks_chinese() {
    let mut server = Server::start("zh_CN.UTF-8");
    drop(connect(&server).await);
    assert_eq!(server.line(), "client 1: 不辞而别");
}

#[tokio::test]
async fn a_message_over_the_limit_is_refused() {
    let mut server = Server::start("en");
    let mut other = connect(&server).await;
    let most = "x".repeat(1024);
    assert_eq!(say(&mut other, &most).await, format!("Echo: {most}"));
    for (number, length) in [(2, 1025), (3, 70_000), (4, 10_000_000)] {
        let client = connect(&server).await;
        let (mut sink, mut stream) = client.split();
        let long = Message::text("x".repeat(length));
        let read = async {
            while let Some(Ok(message)) = stream.next().await {
                if let Message::Close(frame) = message {
                    return frame.map(|frame| frame.code);
                }
            }
            None
        };
        let (_, code) = tokio::join!(sink.send(long), read);
        assert_eq!(code, Some(CloseCode::Size), "{length}");
        drop((sink, stream));
        assert_eq!(server.line(), format!("client {number}: its message is too long"));
    }
    assert_eq!(say(&mut other, "hi").await, "Echo: hi");
}

#[tokio::test]
async fn a_long_message_in_short_frames() {
    let server = Server::start("en");
    let mut client = connect(&server).await;
    for number in 0..3 {
        let kind = match number {
            0 => Data::Text,
            _ => Data::Continue,
        };
        let header =
            FrameHeader { is_final: false, opcode: OpCode::Data(kind), ..Default::default() };
        let part = Frame::from_payload(header, vec![b'x'; 500].into());
        let part = Message::Frame(part);
        client.send(part).await.unwrap();
    }
    assert_eq!(closed_with(&mut client).await, Some(CloseCode::Size));
}

#[test]
fn a_client_that_speaks_http() {
    let mut server = Server::start("en");
    let mut client = TcpStream::connect(server.address()).unwrap();
    client.write_all(b"GET / HTTP/1.1\r\nHost: workbook.test\r\n\r\n").unwrap();
    assert_eq!(server.line(), "client 1: what it says is not WebSocket");
}

#[tokio::test]
#[ignore = "waits for seconds"]
async fn ctrl_c_does_not_wait_for_the_rude() {
    let server = Server::start("en");
    // One never asks for a WebSocket, one never reads.
    let _silent = TcpStream::connect(server.address()).unwrap();
    let mut deaf = connect(&server).await;
    let flood = async {
        let text = Message::text("x".repeat(1000));
        while deaf.send(text.clone()).await.is_ok() {}
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), flood).await;
    let start = Instant::now();
    server.interrupt();
    let end = server.end();
    assert!(end.success);
    assert_eq!(end.stdout, "Server stopped\n");
    // Generous: two seconds of grace, on a busy machine.
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn an_address_in_use() {
    let server = Server::start("en");
    let output = program::command("websocket_echo", "en").arg(server.address()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "Error: another program uses this address\n"
    );
}

#[tokio::test]
#[ignore = "takes as long as the server's patience: ten seconds"]
async fn a_silent_client_is_pinged_and_then_gone() {
    let mut server = Server::start("en");
    let _connects_only = TcpStream::connect(server.address()).unwrap();
    let mut answers = connect(&server).await;
    // Never polled, so nothing answers the ping.
    let _silent = connect(&server).await;
    let lines = tokio::task::spawn_blocking(move || {
        let lines = [server.line(), server.line()];
        (lines, server)
    });
    let mut pings = 0;
    let pinged = async {
        while let Some(message) = answers.next().await {
            assert!(matches!(message, Ok(Message::Ping(_))));
            pings += 1;
        }
    };
    // The one that answers is still there when the silent ones are not.
    tokio::select! {
        () = pinged => panic!("it was hung up on"),
        ended = lines => assert_eq!(
            ended.unwrap().0,
            [
                "client 1: no answer for too long",
                "client 3: no answer for too long",
            ]
        ),
    }
    assert!(pings > 0);
}

/// Both programs speak the same protocol.
#[test]
#[ignore = "needs Python with websockets"]
fn a_client_in_python() {
    let server = Server::start("en");
    let script = format!(
        "from websockets.sync.client import connect\n\
         from websockets.exceptions import ConnectionClosed\n\
         with connect({url:?}) as socket:\n\
         \x20   socket.send('hi')\n\
         \x20   print(socket.recv())\n\
         with connect({url:?}) as socket:\n\
         \x20   socket.send('x' * 5000)\n\
         \x20   try: socket.recv()\n\
         \x20   except ConnectionClosed as end: print(end.rcvd.code)\n",
        url = server.url
    );
    let output = program::python().args(["-c", &script]).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "Echo: hi\n1009\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The program's own server, in this process: the clock stands still.
#[cfg(unix)]
mod in_this_process {
    #![allow(dead_code)]
    include!("../websocket_echo.rs");

    /// Each `accept` of a socket that does not listen fails, and the server
    /// tries again a second later; told to quit, it does not wait for that.
    #[tokio::test(start_paused = true)]
    async fn quit_does_not_wait_for_the_next_accept() {
        use socket2::{Domain, Socket, Type};
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.set_nonblocking(true).unwrap();
        let deaf = TcpListener::from_std(socket.into()).unwrap();
        let quit = CancellationToken::new();
        let server = tokio::spawn(serve(deaf, quit.clone()));
        sleep(Duration::from_millis(1_500)).await;
        assert!(!server.is_finished());
        let told = tokio::time::Instant::now();
        quit.cancel();
        server.await.unwrap();
        assert_eq!(told.elapsed(), Duration::ZERO);
    }
}
