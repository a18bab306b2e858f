//! Grades `await_sleep`.

use await_sleep::process_all;
use grading::{Gauge, Journal, elapsed, expect, run, secs};
use tokio::{spawn, sync::mpsc, time::sleep};

#[test]
fn others_get_their_turn() {
    run("others_get_their_turn", async {
        let journal = Journal::new();
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let seen = journal.clone();
        let other = spawn(async move {
            while let Some(chunk) = receiver.recv().await {
                seen.note(format!("the other task sees {chunk}"));
            }
        });
        process_all(&[1, 2, 3], async |chunk| {
            journal.note(format!("processed {chunk}"));
            let _ = sender.send(chunk);
        })
        .await;
        journal.note("process_all returns");
        drop(sender);
        let _ = other.await;
        let mut lines = [1, 2, 3]
            .map(|chunk| [format!("processed {chunk}"), format!("the other task sees {chunk}")])
            .concat();
        lines.push("process_all returns".to_owned());
        expect(
            ("who ran, in this order", "先后运行的是"),
            journal.lines(),
            lines,
            (
                "An `.await` alone gives nobody a turn. It polls the future on the spot, on the same thread, \
                 and if the answer is Ready, the next line follows at once. The others run when the answer is Pending. \
                 (In asyncio, too, awaiting a coroutine that never waits lets nobody else run; \
                 `await asyncio.sleep(0)` does.) \
                 `sleep(Duration::ZERO)` will not do: it is Ready at once on this test's clock, \
                 and takes a millisecond on a real one.",
                "光有 `.await`，别的任务轮不到。它在原地、在同一个线程上轮询那个 Future，\
                 得到 Ready 就接着往下走；得到 Pending，别人才能运行。\
                 （asyncio 里也一样：等待一个从不停下的协程，别人也轮不到；`await asyncio.sleep(0)` 才会让一让。）\
                 `sleep(Duration::ZERO)` 也不行：在这个测试的时钟上，它马上就绪；在真实的时钟上，它要等一毫秒。",
            ),
        );
    });
}

#[test]
fn no_time_is_lost() {
    run("no_time_is_lost", async {
        process_all(&[7; 1000], async |_| {}).await;
        expect(
            ("time taken by 1000 chunks that take none", "1000 块，每块都不花时间，总用时"),
            elapsed(),
            secs(0),
            (
                "Giving way is not waiting. A sleep of a millisecond after each chunk adds up; \
                 what stands for `asyncio.sleep(0)` in tokio uses no timer at all.",
                "让一让不等于等一等。每块之后睡一毫秒，加起来就多了；\
                 asyncio 的 `sleep(0)` 在 tokio 里对应的做法根本不用定时器。",
            ),
        );
    });
}

#[test]
fn one_chunk_at_a_time() {
    run("one_chunk_at_a_time", async {
        let gauge = Gauge::new();
        process_all(&[1, 2, 3], async |_| {
            let _inside = gauge.enter();
            sleep(secs(1)).await;
        })
        .await;
        expect(
            ("chunks processed, and the most at a time", "处理的块数，以及同时处理的最多块数"),
            (gauge.entered(), gauge.most()),
            (3, 1),
            (
                "The others are to get a turn between two chunks; the chunks themselves stay one after another.",
                "要在两块之间让别的任务运行；各块之间仍然一块接一块。",
            ),
        );
    });
}
