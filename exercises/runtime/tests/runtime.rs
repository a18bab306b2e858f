//! Grades `runtime`.

use std::time::Duration;

use grading::{DropSpy, Journal, elapsed, expect, run, secs};
use runtime::program;
use tokio::time::sleep;

/// Saving a number takes as many seconds.
fn saving(journal: &Journal) -> impl Fn(u64) -> futures::future::BoxFuture<'static, ()> {
    let journal = journal.clone();
    move |number| {
        let journal = journal.clone();
        Box::pin(async move {
            sleep(secs(number)).await;
            journal.note(format!("saved {number}"));
        })
    }
}

/// Beats half a second after every second, for ever.
async fn heartbeat(journal: Journal, spy: DropSpy) {
    let _guard = spy.guard();
    sleep(Duration::from_millis(500)).await;
    loop {
        journal.note("beat");
        sleep(secs(1)).await;
    }
}

#[test]
fn nothing_is_lost() {
    run("nothing_is_lost", async {
        let journal = Journal::new();
        program(&[1, 2, 3], saving(&journal), heartbeat(Journal::new(), DropSpy::new())).await;
        expect(
            ("what was saved when the program ended", "程序结束时已经保存的"),
            journal.lines(),
            ["saved 1", "saved 2", "saved 3"].map(String::from).to_vec(),
            (
                "`block_on` waits for the one future it was given, and for no task. \
                 When that future ends, the runtime is dropped, and its tasks with it. \
                 (`asyncio.run` does not let them finish either: it cancels them.) \
                 Whoever wants a task to finish awaits its handle.",
                "`block_on` 只等交给它的那一个 Future，不等任何任务。\
                 那个 Future 一结束，运行时就被丢弃，任务也跟着丢弃。\
                 （`asyncio.run` 也不会让它们做完：它取消它们。）想让任务做完，就等待它的句柄。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(3),
            (
                "All saves run at the same time, so it takes as long as the longest.",
                "所有保存同时进行，用时等于最长的那一个。",
            ),
        );
    });
}

#[test]
fn nobody_is_left() {
    run("nobody_is_left", async {
        let (journal, spy) = (Journal::new(), DropSpy::new());
        program(&[3], saving(&Journal::new()), heartbeat(journal.clone(), spy.clone())).await;
        expect(
            ("the beats, and when the heartbeat was dropped", "心跳的次数，以及它被丢弃的时刻"),
            (journal.lines().len(), spy.dropped_at()),
            (3, Some(secs(3))),
            (
                "The heart beats while the numbers are saved, and then it is ended: \
                 `abort()` asks for that, and its handle tells when it is done. \
                 asyncio.run cancels and awaits what is left, so Python lets you forget this; the runtime awaits nothing.",
                "保存数据的时候心跳一直在跳，存完了再让它停：`abort()` 提出请求，句柄告诉你什么时候真的停了。\
                 asyncio.run 会取消剩下的任务并等它们收尾，所以在 Python 里忘了也没事；运行时什么也不等。",
            ),
        );
    });
}

#[test]
fn nothing_to_save() {
    run("nothing_to_save", async {
        program(&[], saving(&Journal::new()), heartbeat(Journal::new(), DropSpy::new())).await;
        expect(
            ("time taken without a number", "没有数据时的用时"),
            elapsed(),
            secs(0),
            ("Nothing to save, nothing to wait for.", "没有要保存的，就不用等。"),
        );
    });
}
