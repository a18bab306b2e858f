//! Grades `await_sleep`.

use await_sleep::sleep;
use grading::{Journal, elapsed, expect, run, secs};
use tokio::{spawn, sync::mpsc};

#[test]
fn the_result_after_the_wait() {
    run("the_result_after_the_wait", async {
        let result = sleep(2.5, "ok").await;
        expect(
            ("time taken by sleep(2.5, …)", "sleep(2.5, …) 的用时"),
            elapsed(),
            secs(5) / 2,
            (
                "`delay` is in seconds, and may have a fraction: \
                 `Duration::from_secs_f64`. It is tokio's sleep that waits, \
                 and only when it is awaited; a sleep of the thread moves no clock here and holds up every task.",
                "`delay` 以秒计，可以有小数：`Duration::from_secs_f64`。\
                 要等的是 tokio 的 sleep，而且要 await 它；让线程去睡，所有任务都跟着停。",
            ),
        );
        expect(
            ("what it returns", "返回值"),
            result,
            "ok",
            (
                "tokio's sleep has `()` to return. `result` is yours to hand back.",
                "tokio 的 sleep 返回 `()`。`result` 要由你交回去。",
            ),
        );
    });
}

/// What two tasks do in turn: this one takes three steps and sleeps for
/// `delay` seconds after each; the other notes every step that it sees.
async fn steps(delay: f64) -> Vec<String> {
    let journal = Journal::new();
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let seen = journal.clone();
    let other = spawn(async move {
        while let Some(step) = receiver.recv().await {
            seen.note(format!("the other task sees {step}"));
        }
    });
    for step in 1..=3 {
        journal.note(format!("step {step}"));
        let _ = sender.send(step);
        sleep(delay, ()).await;
    }
    journal.note("done");
    drop(sender);
    let _ = other.await;
    journal.lines()
}

/// What [`steps`] returns if every sleep gives the other task its turn.
fn in_turn() -> Vec<String> {
    let mut lines =
        [1, 2, 3].map(|n| [format!("step {n}"), format!("the other task sees {n}")]).concat();
    lines.push("done".to_owned());
    lines
}

#[test]
fn zero_gives_way() {
    run("zero_gives_way", async {
        expect(
            ("who ran, in this order", "先后运行的是"),
            steps(0.0).await,
            in_turn(),
            (
                "In asyncio, `await sleep(0)` lets every other task that can run go first. \
                 `await` alone gives nobody a turn: if the answer is Ready, the next line follows at once. \
                 `tokio::time::sleep(Duration::ZERO)` will not do: it is Ready at once on this test's clock, \
                 and takes a millisecond on a real one. What gives way is in `tokio::task`.",
                "在 asyncio 里，`await sleep(0)` 会让别的能运行的任务先走一步。\
                 光有 `await`，别的任务轮不到：得到 Ready，就接着往下走。\
                 `tokio::time::sleep(Duration::ZERO)` 也不行：在这个测试的时钟上，它马上就绪；\
                 在真实的时钟上，它要等一毫秒。让一让的函数在 `tokio::task` 里。",
            ),
        );
    });
}

#[test]
fn zero_takes_no_time() {
    run("zero_takes_no_time", async {
        for _ in 0..1000 {
            sleep(0.0, ()).await;
        }
        expect(
            ("time taken by a thousand sleeps of zero seconds", "睡一千次零秒的用时"),
            elapsed(),
            secs(0),
            (
                "Giving way is not waiting. A millisecond each time adds up.",
                "让一让不等于等一等。每次一毫秒，加起来就多了。",
            ),
        );
    });
}

#[test]
fn below_zero_is_zero() {
    run("below_zero_is_zero", async {
        let result = sleep(-2.0, "late").await;
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(0),
            ("A moment that is past is not waited for.", "已经过去的时刻，不用等。"),
        );
        expect(
            ("what it returns", "返回值"),
            result,
            "late",
            ("The result comes back all the same.", "`result` 照样要交回来。"),
        );
        expect(
            ("who ran, in this order", "先后运行的是"),
            steps(-2.0).await,
            in_turn(),
            (
                "Below zero is treated like zero: the others get their turn.",
                "小于零和等于零一样：别的任务也要轮到一次。",
            ),
        );
    });
}

#[test]
fn the_call_begins_nothing() {
    run("the_call_begins_nothing", async {
        let nap = sleep(2.0, ());
        tokio::time::sleep(secs(1)).await;
        nap.await;
        expect(
            (
                "end of a sleep(2.0) that was called at 0 s and awaited at 1 s",
                "0 秒时调用、1 秒时才 await 的 sleep(2.0)，结束于",
            ),
            elapsed(),
            secs(3),
            (
                "`asyncio.sleep` is a coroutine: its wait begins when it is awaited. \
                 tokio's `sleep` works out its deadline when it is called, so call it inside the `async fn`.",
                "`asyncio.sleep` 是协程，await 它的时候才开始等。\
                 tokio 的 `sleep` 在调用时就算好了到点的时刻，所以要在 `async fn` 里面调用它。",
            ),
        );
    });
}
