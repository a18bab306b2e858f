//! Grades `greenlet`.

use std::{
    future::poll_fn,
    task::{Context, Poll},
};

use futures::join;
use grading::{Journal, elapsed, expect, run, secs};
use greenlet::work;
use tokio::time::sleep;

/// Lets the others go first, on whatever executor.
async fn turn() {
    let mut asked = false;
    poll_fn(|cx: &mut Context<'_>| {
        if asked {
            return Poll::Ready(());
        }
        asked = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

fn lines(of: &[&str]) -> Vec<String> {
    of.iter().map(|line| line.to_string()).collect()
}

#[test]
fn takes_turns() {
    run("takes_turns", async {
        let journal = Journal::new();
        let say = |line: &str| journal.note(line);
        join!(work(&["1", "2"], say, turn), work(&["3", "4"], say, turn));
        expect(
            ("the lines of two tasks", "两个任务说的各行"),
            journal.lines(),
            lines(&["1", "3", "2", "4"]),
            (
                "greenlet switches from any function, however deep. A future has no stack to keep such a function on: \
                 it stops at an `.await`, so every function between the task and the pause is async and awaited.",
                "greenlet 在多深的函数里都能切换。Future 没有栈，留不住这样的函数：\
                 它只停在 `.await`，所以从任务到停顿之间的每个函数都要是 async，都要被等待。",
            ),
        );
    });
}

#[test]
fn waits_at_every_pause() {
    run("waits_at_every_pause", async {
        let journal = Journal::new();
        let say = |line: &str| journal.note(line);
        work(&["1", "2", "3"], say, async || sleep(secs(1)).await).await;
        expect(
            ("when `1` was said", "说 `1` 的时刻"),
            journal.time_of("1"),
            Some(secs(0)),
            ("First the line, then the pause.", "先说，再停。"),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(3),
            (
                "Three lines, each with a pause of a second, and none begins before the last pause is over.",
                "三行，每行之后停一秒，前一次停完才说下一行。",
            ),
        );
    });
}
