//! Grades `websocket_echo`.

use std::time::Duration;

use grading::{elapsed, expect, run, secs};
use tokio::{
    spawn,
    sync::mpsc::{Receiver, Sender, channel},
    task::JoinHandle,
    time::sleep,
};
use websocket_echo::{End, Frame, echo};

/// A conversation under way: what the client sends goes in, what it gets comes out.
fn connect() -> (Sender<Frame>, Receiver<Frame>, JoinHandle<End>) {
    let (client, incoming) = channel(8);
    let (outgoing, server) = channel(8);
    (client, server, spawn(echo(incoming, outgoing)))
}

fn text(text: &str) -> Frame {
    Frame::Text(text.to_owned())
}

/// Everything the client gets, and when.
async fn listen(mut server: Receiver<Frame>) -> Vec<(Duration, Frame)> {
    let mut heard = Vec::new();
    while let Some(frame) = server.recv().await {
        heard.push((elapsed(), frame));
    }
    heard
}

#[test]
fn it_answers() {
    run("it_answers", async {
        let (client, server, talk) = connect();
        for frame in [text("hello"), Frame::Ping, Frame::Pong, text("bye"), Frame::Close] {
            client.send(frame).await.unwrap();
        }
        let heard: Vec<Frame> = listen(server).await.into_iter().map(|(_, frame)| frame).collect();
        expect(
            ("what the client got", "客户端收到了什么"),
            heard,
            vec![text("Echo: hello"), Frame::Pong, text("Echo: bye"), Frame::Close],
            (
                "A text gets its echo, Ping gets Pong, Close gets Close, Pong gets nothing.",
                "文字有回声，Ping 得 Pong，Close 得 Close，Pong 什么也不得。",
            ),
        );
        expect(
            ("how the conversation ended", "对话是怎么结束的"),
            talk.await.unwrap(),
            End::Goodbye,
            ("After both said Close it is over.", "双方都说了 Close，对话就结束了。"),
        );
        let (client, _server, talk) = connect();
        drop(client);
        expect(
            ("how a broken connection ended", "连接断开时怎么结束"),
            talk.await.unwrap(),
            End::Vanished,
            ("No Close was said: the client vanished.", "对方没有说 Close 就断了：它不辞而别。"),
        );
    });
}

#[test]
fn a_silent_client_is_pinged_and_gone() {
    run("a_silent_client_is_pinged_and_gone", async {
        let (_client, server, talk) = connect();
        expect(
            ("what the client got, and when", "客户端收到了什么，在什么时候"),
            listen(server).await,
            vec![(secs(20), Frame::Ping)],
            (
                "A connection whose other end lost its power looks like one that is silent: nothing arrives, not even \
                 an end. Only a ping tells. Python's `websockets` sends one every 20 s by itself, tungstenite none.",
                "对方断了电，这边看到的只是沉默：什么也不来，连结束也不来。只有问一声才知道。\
                 Python 的 `websockets` 每 20 秒自己问一次，tungstenite 不问。",
            ),
        );
        expect(
            ("how the conversation ended", "对话是怎么结束的"),
            talk.await.unwrap(),
            End::Silent,
            ("A client that does not answer a ping is gone.", "问了不答，就算走了。"),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(40),
            (
                "20 s of silence, a ping, 20 s of silence: then it is over.",
                "沉默 20 秒，问一声，再沉默 20 秒，就结束。",
            ),
        );
    });
}

#[test]
fn an_answer_keeps_it() {
    run("an_answer_keeps_it", async {
        let (client, mut server, talk) = connect();
        let client = spawn(async move {
            let mut heard = Vec::new();
            // The second answer to a ping is a text: that is a sign of life, too.
            for answer in [Frame::Pong, text("still here"), Frame::Pong] {
                while let Some(frame) = server.recv().await {
                    heard.push(frame);
                    if heard.ends_with(&[Frame::Ping]) {
                        break;
                    }
                }
                sleep(secs(15)).await;
                if client.send(answer).await.is_err() {
                    return heard;
                }
            }
            let _ = client.send(Frame::Close).await;
            while let Some(frame) = server.recv().await {
                heard.push(frame);
            }
            heard
        });
        expect(
            ("how the conversation ended", "对话是怎么结束的"),
            talk.await.unwrap(),
            End::Goodbye,
            (
                "Whatever arrives is a sign of life, and the silence starts anew. \
                 The limit is for one silence, not for the conversation.",
                "收到什么都说明对方还在，沉默从头算起。限的是一段沉默，不是整场对话。",
            ),
        );
        expect(
            ("what the client got", "客户端收到了什么"),
            client.await.unwrap(),
            vec![Frame::Ping, Frame::Ping, text("Echo: still here"), Frame::Ping, Frame::Close],
            (
                "A text that comes after a ping shows that the client is there, and is a text like any other: \
                 it still wants its echo.",
                "Ping 之后来的文字，既说明对方还在，也和别的文字一样：还要有回声。",
            ),
        );
    });
}

#[test]
fn who_talks_is_not_pinged() {
    run("who_talks_is_not_pinged", async {
        let (client, server, talk) = connect();
        let client = spawn(async move {
            for _ in 0..5 {
                sleep(secs(15)).await;
                let _ = client.send(text("hi")).await;
            }
            let _ = client.send(Frame::Close).await;
        });
        let heard = listen(server).await;
        expect(
            ("pings to a client that talks", "发给一直在说话的客户端的 Ping 数"),
            heard.iter().filter(|(_, frame)| *frame == Frame::Ping).count(),
            0,
            (
                "The 20 s count from the last thing heard, not from the last tick of a clock.",
                "20 秒从最后一次听到对方算起，不是从时钟的上一次滴答算起。",
            ),
        );
        talk.await.unwrap();
        client.await.unwrap();
    });
}
