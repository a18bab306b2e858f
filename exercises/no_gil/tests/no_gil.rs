//! Grades `no_gil`.
//!
//! Whether threads run at the same time cannot be told by a clock: there may
//! be a single core. They meet instead: each waits until all are there, and
//! one that has waited too long gives up for all of them.

use std::{
    collections::HashSet,
    sync::{Condvar, Mutex},
    thread::{self, ThreadId},
    time::Duration,
};

use grading::{expect, run};
use no_gil::count_matching;

/// How long one waits for the others before it gives up. Nothing is measured
/// with it: who starts all the threads never waits so long.
const PATIENCE: Duration = Duration::from_millis(1500);

/// What was seen of those at work.
#[derive(Default)]
struct Seen {
    calls: usize,
    inside: usize,
    most: usize,
    given_up: bool,
    threads: HashSet<ThreadId>,
}

/// A place where those at work wait for each other.
#[derive(Default)]
struct Meeting(Mutex<Seen>, Condvar);

impl Meeting {
    /// Comes in and waits until `count` have been there together.
    fn wait_for(&self, count: usize) {
        let mut seen = self.0.lock().unwrap();
        seen.calls += 1;
        seen.inside += 1;
        seen.most = seen.most.max(seen.inside);
        seen.threads.insert(thread::current().id());
        self.1.notify_all();
        let waiting = |seen: &mut Seen| seen.most < count && !seen.given_up;
        let (mut seen, _) = self.1.wait_timeout_while(seen, PATIENCE, waiting).unwrap();
        seen.given_up |= seen.most < count;
        seen.inside -= 1;
    }

    fn seen(self) -> Seen {
        self.0.into_inner().unwrap()
    }
}

/// Runs `count_matching` beside the runtime's thread, which spins until then:
/// standing still it would be blamed for what the others wait for.
fn count(numbers: &[u64], threads: usize, matches: impl Fn(u64) -> bool + Send + Sync) -> usize {
    thread::scope(|scope| {
        let call = scope.spawn(|| count_matching(numbers, threads, matches));
        while !call.is_finished() {
            thread::yield_now();
        }
        call.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[test]
fn all_at_the_same_time() {
    run("all_at_the_same_time", async {
        let meeting = Meeting::default();
        let found = count(&[1, 2, 3, 4], 4, |_| {
            meeting.wait_for(4);
            true
        });
        let seen = meeting.seen();
        expect(
            ("threads used", "用到的线程数"),
            seen.threads.len(),
            4,
            (
                "Futures and tasks are not threads. `join_all` polls one after another, on the thread that polls it, \
                 and a computation without an await is a single poll. \
                 (Neither does asyncio put coroutines on other threads.) Here you need `std::thread`.",
                "Future 和任务都不是线程。谁轮询 `join_all`，它就在谁的线程上一个接一个地轮询；没有 await 的计算，一次轮询就算到底。\
                 （asyncio 也不会把协程放到别的线程上。）这里要用 `std::thread`。",
            ),
        );
        expect(
            ("most at work at the same time", "同时在算的最多个数"),
            seen.most,
            4,
            (
                "There are several threads, but they take turns, as with the GIL: \
                 either each one is joined before the next is started, or they hold a lock while they compute.",
                "线程有了几个，却在轮流算，就像有 GIL 一样：要么启动一个就 `join` 一个，要么计算的时候握着锁。",
            ),
        );
        expect(
            ("numbers that match", "符合条件的个数"),
            found,
            4,
            (
                "Between reading a total and writing it, other threads wrote theirs. \
                 Let each thread count for itself, and add up what `join` gives you.",
                "读出总数和写回总数之间，别的线程也写了。让每个线程各数各的，再把 `join` 得到的数加起来。",
            ),
        );
    });
}

#[test]
fn no_more_threads_than_asked_for() {
    run("no_more_threads_than_asked_for", async {
        let numbers: Vec<u64> = (1..=10).collect();
        let meeting = Meeting::default();
        count(&numbers, 4, |n| {
            meeting.wait_for(4);
            n.is_multiple_of(2)
        });
        let seen = meeting.seen();
        expect(
            ("threads used", "用到的线程数"),
            seen.threads.len(),
            4,
            (
                "Ten numbers for four threads: four parts, of three numbers at most. \
                 Parts of two leave a remainder, and that would be a fifth part. \
                 Tasks are cheap enough for one for each number; threads are not.",
                "十个数，四个线程：分成四份，每份最多三个数。每份两个数会有剩余，多出第五份。\
                 一个数一个任务，开得起；一个数一个线程，开不起。",
            ),
        );
        expect(
            ("numbers looked at", "检查的次数"),
            seen.calls,
            10,
            ("Each number is looked at once.", "每个数检查一次。"),
        );
    });
}

#[test]
fn any_number() {
    run("any_number", async {
        let even = |n: u64| n.is_multiple_of(2);
        let numbers: Vec<u64> = (1..=10).collect();
        let shares = ("10 numbers on 4 threads: the even ones", "10 个数，4 个线程：偶数的个数");
        expect(
            shares,
            count(&numbers, 4, even),
            5,
            (
                "Ten cannot be divided by four: the last part is smaller, and counts as well.",
                "十除以四有余数：最后一份小一些，也要数。",
            ),
        );
        expect(
            ("2 numbers on 4 threads", "2 个数，4 个线程"),
            count(&[2, 4], 4, even),
            2,
            ("Some threads may have nothing to do.", "可以有线程没事做。"),
        );
        expect(
            ("no number at all", "一个数也没有"),
            count(&[], 4, even),
            0,
            ("Nothing to look at, nothing found.", "没有数，就是 0。"),
        );
    });
}
