//! Grades `queue_workers`.

use std::time::Duration;

use grading::{Gauge, Journal, elapsed, expect, run, secs};
use queue_workers::run_workers;
use tokio::time::sleep;

#[test]
fn three_at_once() {
    run("three_at_once", async {
        let in_work = Gauge::new();
        let gauge = in_work.clone();
        run_workers((0..9).collect(), 3, move |_| {
            let gauge = gauge.clone();
            async move {
                let _inside = gauge.enter();
                sleep(secs(1)).await;
            }
        })
        .await;
        let most = in_work.most();
        expect(
            ("most items in work", "同时在处理的件数"),
            most,
            3,
            if most > 3 {
                (
                    "Three workers are a bound. A worker awaits the work on its item, and only then takes the next.",
                    "三个 worker 就是上限：每个 worker 要等手上这一件做完，才去取下一件。",
                )
            } else {
                (
                    "A lock's guard lives until it is dropped, also across an await. In \
                     `while let Some(item) = queue.lock()…` it lives to the end of the loop's body: \
                     whoever works keeps the queue locked. Take the item in a statement of its own. \
                     (asyncio.Queue needs no lock, and so hides the question.)",
                    "锁的守卫（guard）在被丢弃之前一直有效，跨过 await 也一样。写成 \
                     `while let Some(item) = queue.lock()…`，它会活到循环体结束：\
                     谁在干活，谁就锁着队列。请用单独的一条语句取出 item。\
                     （asyncio.Queue 不需要锁，所以看不到这个问题。）",
                )
            },
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(3),
            ("Nine items at 1 s each, three at a time.", "共九件，每件 1 秒，一次三件。"),
        );
    });
}

#[test]
fn whoever_is_free_takes_the_next() {
    run("whoever_is_free_takes_the_next", async {
        run_workers(vec![4, 1, 1, 1, 1], 2, |seconds| sleep(secs(seconds.into()))).await;
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(4),
            (
                "One worker is busy with the long item; the other one does all the rest meanwhile. \
                 That is what a shared queue is for.",
                "一个 worker 在忙那件耗时长的，另一个趁这段时间做完其余的。共用一个队列，为的就是这个。",
            ),
        );
    });
}

#[test]
fn every_item_once() {
    run("every_item_once", async {
        let journal = Journal::new();
        let done = journal.clone();
        run_workers((10..20).collect(), 3, move |item| {
            let done = done.clone();
            async move {
                sleep(Duration::from_millis(100)).await;
                done.note(item.to_string());
            }
        })
        .await;
        let mut items = journal.lines();
        items.sort();
        expect(
            ("items worked on", "处理过的件"),
            items,
            (10..20).map(|item| item.to_string()).collect(),
            (
                "`run_workers` returns when all the work is done: await every worker. \
                 Dropping its handle would not wait for it.",
                "`run_workers` 要等所有工作做完才返回：请等待每一个 worker。丢掉句柄并不会等它。",
            ),
        );
    });
}

#[test]
fn more_items_than_room() {
    run("more_items_than_room", async {
        let journal = Journal::new();
        let done = journal.clone();
        run_workers((0..100).collect(), 20, move |item| {
            let done = done.clone();
            async move {
                sleep(secs(1)).await;
                done.note(item.to_string());
            }
        })
        .await;
        expect(
            ("items worked on", "处理过的件数"),
            journal.lines().len(),
            100,
            (
                "A bounded channel makes its sender wait while it is full: the workers must be there before that.",
                "有界通道满了，发送方就得等：在那之前，worker 必须已经开始干活。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(5),
            (
                "A hundred items at 1 s each, twenty at a time. A queue that is empty for the moment is not at its end: \
                 `recv` waits, and `try_recv` does not.",
                "共一百件，每件 1 秒，一次二十件。队列一时空了，不等于结束了：`recv` 会等，`try_recv` 不会。",
            ),
        );
    });
}
