//! Grades `wait_for`.

use grading::{DropSpy, Gauge, elapsed, expect, run, secs};
use tokio::time::sleep;
use wait_for::retry;

#[test]
fn each_try_starts_afresh() {
    run("each_try_starts_afresh", async {
        let tries = Gauge::new();
        let counter = tries.clone();
        let result = retry(3, secs(2), move |number| {
            let inside = counter.enter();
            async move {
                let _inside = inside;
                sleep(secs(if number < 3 { 60 } else { 1 })).await;
                number
            }
        })
        .await;
        expect(
            ("tries started", "开始过的尝试次数"),
            tries.entered(),
            3,
            (
                "A try that is late is given up, and `attempt` makes a new future for the next: \
                 the old one would go on where it was, with the answer that is still missing.",
                "超时的尝试就此放弃，下一次由 `attempt` 重新造一个 Future：\
                 旧的那个只会从原处继续，等的还是迟迟不来的结果。",
            ),
        );
        expect(
            ("the result", "返回值"),
            result,
            Some(3),
            (
                "The third try is in time: its result is the answer.",
                "第三次尝试没有超时，应当返回它的结果。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(5),
            (
                "Two tries at 2 s each, and one that takes 1 s. Each has a limit of its own.",
                "两次各 2 秒，第三次 1 秒。每次尝试各有各的时限。",
            ),
        );
    });
}

#[test]
fn a_late_try_is_dropped() {
    run("a_late_try_is_dropped", async {
        let (under_way, spy) = (Gauge::new(), DropSpy::new());
        let (gauge, first) = (under_way.clone(), spy.clone());
        retry(3, secs(2), move |number| {
            let (gauge, guard) = (gauge.clone(), (number == 1).then(|| first.guard()));
            async move {
                let (_inside, _guard) = (gauge.enter(), guard);
                sleep(secs(if number < 3 { 60 } else { 1 })).await;
            }
        })
        .await;
        expect(
            ("tries under way at the same time", "同时在进行的尝试数"),
            under_way.most(),
            1,
            (
                "timeout drops the future that is late, and a dropped future is over. \
                 A spawned task is not: timeout then drops only its handle, and the task runs on.",
                "timeout 会丢弃超时的 Future，被丢弃的 Future 就结束了。\
                 spawn 出来的任务则不然：timeout 只丢掉它的句柄，任务照样运行。",
            ),
        );
        expect(
            ("when the first try was dropped", "第一次尝试被丢弃的时刻"),
            spy.dropped_at(),
            Some(secs(2)),
            (
                "The late try ends at its limit, before the next one starts.",
                "超时的尝试应当在时限到达时结束，然后才开始下一次。",
            ),
        );
    });
}

#[test]
fn gives_up() {
    run("gives_up", async {
        let tries = Gauge::new();
        let counter = tries.clone();
        let result = retry(3, secs(2), move |_| {
            let inside = counter.enter();
            async move {
                let _inside = inside;
                sleep(secs(60)).await;
            }
        })
        .await;
        expect(
            ("the result", "返回值"),
            result,
            None,
            ("No try was in time.", "没有一次尝试赶上时限。"),
        );
        expect(
            ("tries started", "开始过的尝试次数"),
            tries.entered(),
            3,
            ("Three tries are three futures.", "三次尝试就是三个 Future。"),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(6),
            (
                "Three tries at 2 s each, one after the other and with nothing between.",
                "三次尝试，每次 2 秒，一次接一次，中间不必再等。",
            ),
        );
    });
}

#[test]
fn the_first_is_in_time() {
    run("the_first_is_in_time", async {
        let result = retry(3, secs(2), |number| async move {
            sleep(secs(1)).await;
            number
        })
        .await;
        expect(
            ("the result and the time taken", "返回值和用时"),
            (result, elapsed()),
            (Some(1), secs(1)),
            ("A try that is in time ends the loop, at once.", "只要有一次没有超时，就立刻返回。"),
        );
    });
}
