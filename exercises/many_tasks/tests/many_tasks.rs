//! Grades `many_tasks`.

use futures::future::BoxFuture;
use grading::{Gauge, check, elapsed, expect, expect_panics, run, secs};
use many_tasks::count_ok;
use tokio::time::sleep;

const JOBS: usize = 1_000;

#[test]
fn all_at_once() {
    run("all_at_once", async {
        let (at_work, ended) = (Gauge::new(), Gauge::new());
        let jobs = (0..JOBS).map(|_| {
            let (at_work, ended) = (at_work.clone(), ended.clone());
            async move {
                let _inside = at_work.enter();
                sleep(secs(1)).await;
                let _ = ended.enter();
            }
        });
        let ok = count_ok(jobs.collect()).await;
        expect(
            ("jobs that have ended", "已经结束的工作数"),
            ended.entered(),
            JOBS,
            (
                "`count_ok` may return when all jobs have ended. A task whose handle is dropped goes on by itself, \
                 and nobody knows when it ends.",
                "所有工作都结束了，`count_ok` 才能返回。丢掉句柄的任务会自己跑下去，没有人知道它何时结束。",
            ),
        );
        expect(
            ("most jobs at work", "同时进行的工作数"),
            at_work.most(),
            JOBS,
            (
                "A task that is awaited right after `spawn` is alone, as with `await create_task(…)` in a loop. \
                 Spawn all of them first and keep the handles; then wait. \
                 (An iterator is lazy too: `map(tokio::spawn)` spawns nothing before somebody takes its items.)",
                "`spawn` 之后马上等待，就只有一个任务在跑，在 asyncio 的循环里写 `await create_task(…)` 也一样。\
                 先全部 `spawn`，留住句柄，然后再等。（迭代器也是懒的：没有人取，`map(tokio::spawn)` 什么也不创建。）",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(1),
            (
                "A thousand waits of a second, laid over each other, are one second.",
                "一千个一秒的等待叠在一起，还是一秒。",
            ),
        );
        expect(
            ("jobs that ended well", "正常结束的工作数"),
            ok,
            JOBS,
            ("None of them panicked.", "没有一个 panic。"),
        );
    });
}

#[test]
fn a_panic_in_one() {
    run("a_panic_in_one", async {
        expect_panics();
        let jobs: Vec<BoxFuture<'static, ()>> = vec![
            Box::pin(sleep(secs(1))),
            Box::pin(async { panic!("this job fails") }),
            Box::pin(sleep(secs(3))),
        ];
        let ok = tokio::spawn(count_ok(jobs)).await;
        check(
            ok.is_ok(),
            (
                "`count_ok` panicked itself. A panic ends the task in which it happens. \
                 With a task for each job it stops there, and the handle says so with an `Err`, \
                 as long as you do not `unwrap` it. Without `spawn` all jobs are one task.",
                "`count_ok` 自己也 panic 了。panic 只结束它所在的任务。一件工作一个任务，panic 就到此为止，\
                 句柄用 `Err` 告诉你，只要你不去 `unwrap`。不用 `spawn`，所有工作就都在一个任务里。",
            ),
        );
        expect(
            ("jobs that ended well", "正常结束的工作数"),
            ok.unwrap_or_default(),
            2,
            (
                "One of three panics, the first to end; the other two do not notice. \
                 Whoever stops counting at the first `Err` never gets to them.",
                "三件里有一件 panic，它最先结束，另外两件不受影响。遇到第一个 `Err` 就不再数，就数不到它们。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(3),
            (
                "The others run on to their end, and `count_ok` waits for them.",
                "其余的一直跑到结束，`count_ok` 也要等它们。",
            ),
        );
    });
}
