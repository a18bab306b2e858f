//! Grades `future_and_task`.

use future_and_task::{Question, ask};
use grading::{check, elapsed, expect, expect_panics, run, secs};
use tokio::{sync::mpsc, time::sleep};

/// A server that answers every question after so many seconds.
fn server(seconds: u64) -> mpsc::Sender<Question> {
    let (sender, mut questions) = mpsc::channel::<Question>(8);
    tokio::spawn(async move {
        while let Some(Question { number, reply }) = questions.recv().await {
            sleep(secs(seconds)).await;
            let _ = reply.send(number * number);
        }
    });
    sender
}

/// What `ask` answers; a panic fails the test with a reason.
async fn asked(server: mpsc::Sender<Question>) -> Option<u32> {
    expect_panics();
    let answer = tokio::spawn(async move { ask(&server, 7).await }).await;
    let panic = answer.as_ref().err().map(ToString::to_string).unwrap_or_default();
    check(
        answer.is_ok(),
        (
            format!(
                "`ask` panicked: {panic}\n\
                 A channel whose other end is gone tells you so with an `Err`: \
                 `send` when there is no receiver, the oneshot receiver when its sender was dropped without a value. \
                 Turn both into `None`. (An asyncio Future that nobody sets cannot tell; it waits for ever.)"
            ),
            format!(
                "`ask` panic 了：{panic}\n\
                 通道的另一端没有了，会用 `Err` 告诉你：没有接收方，`send` 得到 `Err`；\
                 发送方没给值就被丢弃，等待 oneshot 的接收方得到 `Err`。两种都要变成 `None`。\
                 （asyncio 的 Future 没有人设值，是看不出来的，只会一直等。）"
            ),
        ),
    );
    answer.ok().flatten()
}

#[test]
fn an_answer() {
    run("an_answer", async {
        expect(
            ("the answer", "得到的答复"),
            asked(server(1)).await,
            Some(49),
            (
                "The server takes a second. Awaiting the receiver waits for that second; `try_recv` does not.",
                "服务器要一秒才答复。对接收方 `.await` 会等这一秒，`try_recv` 不会。",
            ),
        );
    });
}

#[test]
fn a_slow_answer() {
    run("a_slow_answer", async {
        expect(
            ("the answer after 30 s", "30 秒后的答复"),
            asked(server(30)).await,
            Some(49),
            (
                "In asyncio a time limit is what saves you from a Future that nobody sets. \
                 Here it is not needed, and it throws away an answer that is only slow.",
                "在 asyncio 里，要靠时限才能摆脱没有人设值的 Future。这里用不着时限，它反而会丢掉一个来得慢的答复。",
            ),
        );
    });
}

#[test]
fn the_question_is_dropped() {
    run("the_question_is_dropped", async {
        let (sender, mut questions) = mpsc::channel::<Question>(8);
        tokio::spawn(async move {
            while let Some(question) = questions.recv().await {
                sleep(secs(1)).await;
                drop(question);
            }
        });
        expect(
            ("the answer", "得到的答复"),
            asked(sender).await,
            None,
            (
                "The server dropped the question, and the sender with it. No answer can come.",
                "服务器丢弃了问题，发送方也随之丢弃。不会再有答复了。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(1),
            (
                "The receiver is woken the moment its sender is dropped: no guess, no time limit.",
                "发送方一被丢弃，接收方就被唤醒：不用猜，也不用时限。",
            ),
        );
    });
}

#[test]
fn there_is_no_server() {
    run("there_is_no_server", async {
        let (sender, questions) = mpsc::channel::<Question>(8);
        drop(questions);
        expect(
            ("the answer", "得到的答复"),
            asked(sender).await,
            None,
            ("Nobody can get the question.", "没有人收得到这个问题。"),
        );
    });
}
