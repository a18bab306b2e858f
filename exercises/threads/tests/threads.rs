//! Grades `threads`.
//!
//! Threads know no virtual time. Jobs meet instead: each waits until all are
//! there, and one that has waited too long gives up for all of them.

use std::{
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Duration,
};

use grading::{check, expect, expect_panics, run};
use threads::{Job, run_all};

/// How long a job waits for the others before it gives up. Nothing is measured
/// with it: who starts all the threads never waits so long.
const PATIENCE: Duration = Duration::from_millis(1500);

/// A place where jobs wait for each other.
#[derive(Clone, Default)]
struct Meeting(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    here: usize,
    most: usize,
    given_up: bool,
}

impl Meeting {
    /// Comes in and waits until `count` have come, all together or in the end.
    fn wait_for(&self, count: usize) {
        let (state, changed) = &*self.0;
        let mut state = state.lock().unwrap();
        state.here += 1;
        state.most = state.most.max(state.here);
        changed.notify_all();
        let (mut state, _) = changed
            .wait_timeout_while(state, PATIENCE, |state| state.most < count && !state.given_up)
            .unwrap();
        state.given_up |= state.most < count;
        state.here -= 1;
    }

    /// The most that were there together.
    fn most(&self) -> usize {
        self.0.0.lock().unwrap().most
    }
}

/// A job that ends when those behind it have: the last comes first.
fn backwards(ended: &Arc<(Mutex<usize>, Condvar)>, behind: usize, name: &'static str) -> Job {
    let ended = ended.clone();
    Box::new(move || {
        let (count, changed) = &*ended;
        let count = count.lock().unwrap();
        let (mut count, _) =
            changed.wait_timeout_while(count, PATIENCE, |count| *count < behind).unwrap();
        // The one before is about to return; let it.
        if behind > 0 {
            thread::park_timeout(Duration::from_millis(100));
        }
        *count += 1;
        changed.notify_all();
        name.to_owned()
    })
}

/// What `run_all` answers; a panic fails the test with a reason.
///
/// It runs beside the runtime's thread, which spins until then: standing still
/// it would be blamed for what the jobs wait for.
fn answers(jobs: Vec<Job>) -> Vec<Option<String>> {
    expect_panics();
    let answers = thread::scope(|scope| {
        let call = scope.spawn(|| run_all(jobs));
        while !call.is_finished() {
            thread::yield_now();
        }
        call.join()
    });
    check(
        answers.is_ok(),
        (
            "`run_all` panicked itself. A panic ends its own thread, and `join` hands it to you as an `Err`: \
             `unwrap` would throw it again, and a scope that joins for you does the same. \
             (Python's `join` says nothing at all.)",
            "`run_all` 自己也 panic 了。panic 只结束它所在的线程，`join` 把它作为 `Err` 交给你：\
             `unwrap` 会把它再抛一次，替你 `join` 的 scope 也一样。（Python 的 `join` 则什么也不说。）",
        ),
    );
    answers.unwrap_or_default()
}

#[test]
fn all_at_once() {
    run("all_at_once", async {
        let meeting = Meeting::default();
        let jobs = (0..3).map(|_| -> Job {
            let meeting = meeting.clone();
            Box::new(move || {
                meeting.wait_for(3);
                "done".to_owned()
            })
        });
        answers(jobs.collect());
        expect(
            ("jobs that met", "碰到一起的工作数"),
            meeting.most(),
            3,
            (
                "Three jobs wait for each other, and not all of them came: a thread that is joined right after `spawn` is alone, \
                 as with `start(); join()` in a loop in Python. Start them all first, then join. \
                 (An iterator is lazy: a `map` that spawns does so when its item is taken.)",
                "三件工作互相等，却没有到齐：`spawn` 之后马上 `join`，就只有一个线程在跑，\
                 在 Python 的循环里写 `start(); join()` 也一样。先全部启动，再逐个 `join`。\
                 （迭代器是懒的：`map` 里的 `spawn`，要等有人取才执行。）",
            ),
        );
    });
}

#[test]
fn in_the_order_of_the_jobs() {
    run("in_the_order_of_the_jobs", async {
        let ended = Arc::new((Mutex::new(0), Condvar::new()));
        let names = ["a", "b", "c"].into_iter().zip([2, 1, 0]);
        let jobs = names.map(|(name, behind)| backwards(&ended, behind, name)).collect();
        expect(
            ("the answers", "返回的结果"),
            answers(jobs),
            ["a", "b", "c"].map(|name| Some(name.to_owned())).to_vec(),
            (
                "The jobs ended in the order c, b, a. The answers keep the order of the jobs: join the handles in theirs.",
                "三件工作按 c、b、a 的顺序结束。结果要按工作的顺序：依次 `join` 它们的句柄。",
            ),
        );
    });
}

#[test]
fn a_panic_in_one() {
    run("a_panic_in_one", async {
        let jobs: Vec<Job> = vec![
            Box::new(|| "a".to_owned()),
            Box::new(|| panic!("this job fails")),
            Box::new(|| "c".to_owned()),
        ];
        expect(
            ("the answers", "返回的结果"),
            answers(jobs),
            vec![Some("a".to_owned()), None, Some("c".to_owned())],
            (
                "One of three panics: `None` stands in its place, and the other two do not notice.",
                "三件里有一件 panic：它的位置上是 `None`，另外两件不受影响。",
            ),
        );
    });
}
