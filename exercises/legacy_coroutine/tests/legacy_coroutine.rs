//! Grades `legacy_coroutine`.

use std::{
    future::{pending, ready},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
};

use grading::{Journal, expect, run, secs};
use legacy_coroutine::Func1;
use tokio::{spawn, time::sleep};

/// Counts how often it is woken.
#[derive(Default)]
struct Bell(AtomicUsize);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn lines(of: &[&str]) -> Vec<String> {
    of.iter().map(|line| line.to_string()).collect()
}

#[test]
fn says_1_waits_says_2() {
    run("says_1_waits_says_2", async {
        let journal = Journal::new();
        let notes = journal.clone();
        let wait = Box::pin(sleep(secs(2)));
        // A task of its own: it is polled when it is woken, and never else.
        spawn(Func1::new(wait, move |line: &str| notes.note(line))).await.unwrap();
        expect(
            ("the lines", "说的各行"),
            journal.lines(),
            lines(&["1", "2"]),
            ("First 1, then 2, once each.", "先说 1，再说 2，各一次。"),
        );
        expect(
            ("when `1` was said", "说 `1` 的时刻"),
            journal.time_of("1"),
            Some(secs(0)),
            (
                "1 comes before the wait: say it, and then poll `wait`.",
                "1 在等待之前说：先说，再轮询 `wait`。",
            ),
        );
        expect(
            ("when `2` was said", "说 `2` 的时刻"),
            journal.time_of("2"),
            Some(secs(2)),
            (
                "Being polled again does not mean that the wait is over: poll `wait`, and go on if it is Ready.",
                "又被轮询了，不等于等待已经结束：要轮询 `wait`，它回答 Ready 才能往下走。",
            ),
        );
    });
}

#[test]
fn asked_too_early() {
    run("asked_too_early", async {
        let journal = Journal::new();
        let mut func = Func1::new(pending(), |line: &str| journal.note(line));
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(bell.clone());
        let mut cx = Context::from_waker(&waker);
        let answers: [Poll<()>; 3] = std::array::from_fn(|_| Pin::new(&mut func).poll(&mut cx));
        expect(
            ("three answers while the wait is not over", "等待没有结束时的三次回答"),
            answers,
            [Poll::Pending; 3],
            (
                "It may be polled at any time, however early; it stays Pending until the wait is over.",
                "什么时候都可能被轮询，来得再早也一样：等待没有结束，就一直是 Pending。",
            ),
        );
        expect(
            ("the lines after three polls", "三次轮询之后说的各行"),
            journal.lines(),
            lines(&["1"]),
            (
                "A generator goes on where it stopped, and Python remembers the place. \
                 `poll` begins at its first line every time: the place has to be in `self`.",
                "生成器从停下的地方接着走，位置由 Python 记住。\
                 `poll` 每次都从第一行开始：停在哪里，要记在 `self` 里。",
            ),
        );
        expect(
            ("how often the task was woken", "任务被唤醒的次数"),
            bell.0.load(SeqCst),
            0,
            (
                "To wake oneself before every Pending is busy waiting. \
                 The wait has the Waker and will use it when it is over.",
                "每次回答 Pending 之前都唤醒自己，就是忙等。\
                 Waker 已经在 `wait` 手里，等待结束时它会用。",
            ),
        );
    });
}

#[test]
fn no_detour() {
    run("no_detour", async {
        let journal = Journal::new();
        let mut func = Func1::new(ready(()), |line: &str| journal.note(line));
        let mut cx = Context::from_waker(Waker::noop());
        let answer = Pin::new(&mut func).poll(&mut cx);
        expect(
            (
                "the answer of the first poll, and the lines, if the wait is over already",
                "等待早已结束时，第一次轮询的回答和说的各行",
            ),
            (answer, journal.lines()),
            (Poll::Ready(()), lines(&["1", "2"])),
            (
                "An `.await` does not always stop: what is Ready at the first poll goes on at once.",
                "`.await` 不一定停下：第一次轮询就是 Ready，就接着往下走。",
            ),
        );
    });
}
