//! Grades `two_tasks`.

use std::sync::Arc;

use grading::{Gauge, Journal, elapsed, expect, run, secs};
use tokio::{spawn, sync::Notify, time::sleep};
use two_tasks::{Line, sing};

/// Who gets the first turn.
#[derive(PartialEq)]
enum First {
    A,
    B,
}

/// Two tasks sing three lines each. A line takes as long as its singer needs.
async fn duet(first: First, seconds: [u64; 2]) -> (Vec<String>, Gauge) {
    let (journal, gauge) = (Journal::new(), Gauge::new());
    let line = |words: &'static str, seconds| -> Line {
        let (journal, gauge) = (journal.clone(), gauge.clone());
        Box::pin(async move {
            let _inside = gauge.enter();
            journal.note(words);
            // Even a sleep of no time is a wait, in truth if not on the tests' clock.
            if seconds > 0 {
                sleep(secs(seconds)).await;
            }
        })
    };
    let (turn_a, turn_b) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let singer = |words: [&'static str; 3], mine: &Arc<Notify>, yours: &Arc<Notify>, seconds| {
        let (mine, yours) = (mine.clone(), yours.clone());
        let lines = words.map(|words| line(words, seconds)).into();
        spawn(async move { sing(lines, &mine, &yours).await })
    };
    let a = singer(["a1", "a2", "a3"], &turn_a, &turn_b, seconds[0]);
    let b = singer(["b1", "b2", "b3"], &turn_b, &turn_a, seconds[1]);
    if first == First::A { &turn_a } else { &turn_b }.notify_one();
    a.await.unwrap();
    b.await.unwrap();
    (journal.lines(), gauge)
}

fn lines(lines: [&str; 6]) -> Vec<String> {
    lines.map(String::from).to_vec()
}

#[test]
fn a_line_each() {
    run("a_line_each", async {
        let (sung, _) = duet(First::A, [0, 0]).await;
        expect(
            ("lines sung by tasks a and b", "任务 a 和 b 唱的句子"),
            sung,
            lines(["a1", "b1", "a2", "b2", "a3", "b3"]),
            (
                "The event loop gives no slices of time. A task that need not wait goes on to its end, \
                 so each singer waits for its turn before every line, and hands it on after every line.",
                "事件循环不分时间片。不用等的任务会一口气走到底，\
                 所以每唱一句之前，都要等轮到自己；每唱完一句，都要交给对方。",
            ),
        );
    });
}

#[test]
fn slow_and_fast() {
    run("slow_and_fast", async {
        let (sung, gauge) = duet(First::A, [2, 1]).await;
        expect(
            ("singing at the same time", "同时在唱的人数"),
            gauge.most(),
            1,
            (
                "The ready queue orders who can run now. A singer in the middle of a line waits for a clock and is not in it, \
                 so the other comes first. Where an order matters, one task has to wake the other, and only when its line is over.",
                "就绪队列只排此刻能运行的任务。唱到一半的人在等时钟，不在队列里，另一个人就先唱了。\
                 先后要紧，就要由一个任务唤醒另一个，而且等这一句唱完再唤醒。",
            ),
        );
        expect(
            ("lines sung, and the time taken", "唱的句子和用时"),
            (sung, elapsed()),
            (lines(["a1", "b1", "a2", "b2", "a3", "b3"]), secs(9)),
            ("Three times two seconds, and three times one.", "三个两秒，加三个一秒。"),
        );
    });
}

#[test]
fn the_second_may_begin() {
    run("the_second_may_begin", async {
        let (sung, _) = duet(First::B, [0, 0]).await;
        expect(
            ("lines sung when b gets the first turn", "先轮到 b 时唱的句子"),
            sung,
            lines(["b1", "a1", "b2", "a2", "b3", "a3"]),
            (
                "Task a was spawned first, and is awaited first. Neither matters: who has not been woken does not sing.",
                "a 先创建，也先被 await，都不算数：没有被唤醒，就不唱。",
            ),
        );
    });
}
