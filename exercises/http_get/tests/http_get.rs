//! Grades `http_get`.

use std::io::ErrorKind;

use grading::{elapsed, expect, run, secs};
use http_get::first_chars;
use tokio::{
    io::{AsyncWriteExt, DuplexStream, duplex},
    join,
    time::{sleep, timeout},
};

/// A server that sends these pieces, one a second.
async fn send(mut server: DuplexStream, pieces: &[&[u8]]) {
    for piece in pieces {
        sleep(secs(1)).await;
        server.write_all(piece).await.unwrap();
    }
}

/// The first so many characters of what such a server sends.
async fn ask(pieces: &[&[u8]], count: usize) -> Result<String, ErrorKind> {
    let (mut client, server) = duplex(4096);
    let (text, ()) = join!(first_chars(&mut client, count), send(server, pieces));
    text.map_err(|error| error.kind())
}

#[test]
fn piece_by_piece() {
    run("piece_by_piece", async {
        expect(
            ("the first 10 characters", "前 10 个字符"),
            ask(&[b"Hello", b", ", b"World"], 10).await,
            Ok("Hello, Wor".to_owned()),
            (
                "One `read` waits until something is there and returns that, be it a single byte: an answer \
                 comes in as many pieces as the network likes. (`await response.text()` of aiohttp reads until \
                 the end; a StreamReader's `read(n)` does what `read` does here.) Read on.",
                "一次 `read` 等到有东西就返回，哪怕只有一个字节：答复分成几段，由网络决定。\
                 （aiohttp 的 `await response.text()` 会一直读到结束；StreamReader 的 `read(n)` 则和这里的 `read` 一样。）\
                 还要接着读。",
            ),
        );
    });
}

#[test]
fn characters_not_bytes() {
    run("characters_not_bytes", async {
        let text = "你好，世界".as_bytes();
        expect(
            ("the first 4 characters of a Chinese page", "中文网页的前 4 个字符"),
            ask(&[&text[..4], &text[4..5], &text[5..]], 4).await,
            Ok("你好，世".to_owned()),
            (
                "A Chinese character has three bytes in UTF-8. Python's `text[:4]` counts characters; \
                 a buffer counts bytes, and a piece may end in the middle of a character. \
                 Decode what is whole, and keep the rest for the next piece.",
                "一个汉字在 UTF-8 里占三个字节。Python 的 `text[:4]` 数的是字符；缓冲区数的是字节，\
                 一段也可能断在一个字的中间。完整的部分才能解码，剩下的留给下一段。",
            ),
        );
    });
}

#[test]
fn no_longer_than_needed() {
    run("no_longer_than_needed", async {
        let (mut client, mut server) = duplex(4096);
        server.write_all("3个字b".as_bytes()).await.unwrap();
        // The server keeps the connection open until the end of this test.
        let text = timeout(secs(60), first_chars(&mut client, 3)).await;
        expect(
            ("the first 3 characters, within a minute", "前 3 个字符，一分钟之内"),
            text.ok().map(Result::unwrap),
            Some("3个字".to_owned()),
            (
                "Three characters, no more; and they were there at once. Whoever reads on, to the end or until \
                 there are so many bytes, waits for a server that has nothing to add.",
                "三个字符，不多也不少，而且一开始就在。再往下读，不管是读到结尾还是读满多少字节，\
                 等的都是一个不再说话的服务器。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(0),
            ("The three characters were there at once.", "三个字符一开始就在。"),
        );
        drop(server);
    });
}

#[test]
fn a_short_page() {
    run("a_short_page", async {
        expect(
            ("the first 100 characters of a page of 2", "只有 2 个字符的网页，取前 100 个"),
            ask(&["短文".as_bytes()], 100).await,
            Ok("短文".to_owned()),
            (
                "A page may have fewer: `read` returns 0 when it is at its end, and that is the answer.",
                "网页可以不够长：`read` 返回 0，就是读完了，有多少返回多少。",
            ),
        );
    });
}
