//! Grades `lazy_future`.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures::future::BoxFuture;
use grading::{Gauge, check, elapsed, expect, run, secs};
use lazy_future::retry;
use tokio::time::sleep;

/// One try. It takes a second, and says so if it is polled after its end.
struct Try {
    body: BoxFuture<'static, Option<String>>,
    over: bool,
}

impl Future for Try {
    type Output = Option<String>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        check(
            !self.over,
            (
                "The same future was polled again after it had answered. \
                 A future runs once, like a coroutine object: in asyncio a second `await` raises \
                 `RuntimeError: cannot reuse already awaited coroutine`. \
                 A new try is a new future, and a new future comes from a new call.",
                "同一个 Future 已经给出结果，又被轮询了一次。\
                 Future 和协程对象一样，只能跑一遍：在 asyncio 里再 `await` 一次，会抛出 \
                 `RuntimeError: cannot reuse already awaited coroutine`。\
                 再试一次要有新的 Future，新的 Future 要靠再调用一次得到。",
            ),
        );
        let poll = self.body.as_mut().poll(context);
        self.over = poll.is_ready();
        poll
    }
}

/// Answers from the `first`th try on. The gauge counts the tries that ran.
fn answers_from(first: usize, tries: &Gauge) -> impl AsyncFn() -> Option<String> {
    let tries = tries.clone();
    move || {
        let tries = tries.clone();
        let body = async move {
            let _inside = tries.enter();
            let number = tries.entered();
            sleep(secs(1)).await;
            (number >= first).then(|| format!("answer {number}"))
        };
        Try { body: Box::pin(body), over: false }
    }
}

#[test]
fn until_it_answers() {
    run("until_it_answers", async {
        let tries = Gauge::new();
        let answer = retry(answers_from(3, &tries)).await;
        expect(
            ("the answer, and the tries that ran", "得到的回答，以及跑过的尝试次数"),
            (answer.as_deref(), tries.entered()),
            (Some("answer 3"), 3),
            (
                "Calling `ask` starts nothing: a call that nobody awaits is no try. \
                 Here the third try answers, so three have to be called and awaited.",
                "调用 `ask` 不会启动任何东西：没有人等待的调用，不算一次尝试。\
                 这里第三次才有回答，所以要调用三次，等待三次。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(3),
            ("Each try takes a second.", "每次尝试要一秒。"),
        );
    });
}

#[test]
fn no_try_too_many() {
    run("no_try_too_many", async {
        let tries = Gauge::new();
        let answer = retry(answers_from(1, &tries)).await;
        expect(
            (
                "the answer, and the tries that ran, when the first one answers",
                "第一次就有回答时，得到的回答和跑过的尝试次数",
            ),
            (answer.as_deref(), tries.entered()),
            (Some("answer 1"), 1),
            (
                "After an answer nothing is left to try. \
                 A future that is never polled costs nothing; one that is polled has begun its work.",
                "有了回答，就不用再试。没有被轮询的 Future 什么也不花费；一旦轮询，它的事就已经开始了。",
            ),
        );
    });
}

#[test]
fn three_at_most() {
    run("three_at_most", async {
        let tries = Gauge::new();
        let answer = retry(answers_from(9, &tries)).await;
        expect(
            (
                "the answer, and the tries that ran, when none answers",
                "始终没有回答时，得到的回答和跑过的尝试次数",
            ),
            (answer, tries.entered()),
            (None, 3),
            ("Three tries, then `None`.", "试三次，然后返回 `None`。"),
        );
    });
}

#[test]
fn retry_is_lazy_too() {
    run("retry_is_lazy_too", async {
        let tries = Gauge::new();
        let call = retry(answers_from(1, &tries));
        expect(
            (
                "tries begun by calling `retry` without awaiting it",
                "只调用 `retry`、不等待它，开始了几次尝试",
            ),
            tries.entered(),
            0,
            (
                "The body of an async fn runs when its future is polled, not when it is called. \
                 Code outside the async part runs at the call.",
                "async fn 的函数体在 Future 被轮询时才运行，调用时不运行。写在 async 之外的代码，调用时就运行了。",
            ),
        );
        drop(call);
    });
}
