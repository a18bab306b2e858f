//! Grades `async_await`.

use std::time::Duration;

use async_await::speak;
use futures::join;
use grading::{Journal, elapsed, expect, run};

fn lines(of: &[&str]) -> Vec<String> {
    of.iter().map(|line| line.to_string()).collect()
}

#[test]
fn the_others_get_a_turn() {
    run("the_others_get_a_turn", async {
        let journal = Journal::new();
        let say = |line: &str| journal.note(line);
        join!(speak(&["1", "2"], say), speak(&["3", "4"], say));
        expect(
            ("the lines of two speakers", "两个人说的各行"),
            journal.lines(),
            lines(&["1", "3", "2", "4"]),
            (
                "Not every `.await` switches: it asks its future, and only where the answer is Pending \
                 does it give the thread back. `async {}` is Ready at once. \
                 In asyncio, too, awaiting a coroutine that waits for nothing runs straight through; \
                 there one writes `await asyncio.sleep(0)`. \
                 tokio's `sleep(Duration::ZERO)` is no match for it: it waits for the clock, \
                 and on a paused clock it is Ready at once.",
                "并不是每个 `.await` 都会切换：它先问后面的 Future，答案是 Pending 才交出线程。\
                 `async {}` 一问就是 Ready。asyncio 里也一样，等待一个什么也不等的协程不会切换，\
                 要让出线程，得写 `await asyncio.sleep(0)`。tokio 的 `sleep(Duration::ZERO)` 不能代替它：\
                 它等的是时钟，时钟暂停时一问就是 Ready。",
            ),
        );
    });
}

#[test]
fn after_every_line() {
    run("after_every_line", async {
        let journal = Journal::new();
        let say = |line: &str| journal.note(line);
        join!(speak(&["1", "3", "5"], say), speak(&["2", "4", "6"], say));
        expect(
            ("the lines of two speakers with three lines each", "两个人各说三行时的各行"),
            journal.lines(),
            lines(&["1", "2", "3", "4", "5", "6"]),
            ("The others get a turn after each of the lines.", "每说完一行，都要让一次。"),
        );
    });
}

#[test]
fn no_time_is_lost() {
    run("no_time_is_lost", async {
        let journal = Journal::new();
        speak(&["1", "2", "3"], |line| journal.note(line)).await;
        expect(
            ("time taken", "用时"),
            elapsed(),
            Duration::ZERO,
            (
                "A turn is no wait for a clock: whoever gives way goes on as soon as the others had theirs.",
                "让一下不是等时间：别人轮过了，自己马上就能接着走。",
            ),
        );
        expect(
            ("the lines of a speaker alone", "一个人说的各行"),
            journal.lines(),
            lines(&["1", "2", "3"]),
            ("With no one to give way to, it says its lines.", "没有别人可让，就自己说完。"),
        );
    });
}
