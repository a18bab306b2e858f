//! Grades `blocking`.
//!
//! Threads know no virtual time. What reads waits for somebody instead, and
//! gives up when nobody has come.

use std::{
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Duration,
};

use blocking::read_all;
use grading::{expect, run};
use tokio::task::yield_now;

/// How long a reader waits before it gives up. Nothing is measured with it:
/// where the runtime's thread is free, nobody waits so long.
const PATIENCE: Duration = Duration::from_millis(1500);

/// A count that readers can wait for.
#[derive(Clone, Default)]
struct Count(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    now: usize,
    /// How many there were when a reader gave up.
    given_up_at: Option<usize>,
}

impl Count {
    fn add_one(&self) {
        let (state, changed) = &*self.0;
        state.lock().unwrap().now += 1;
        changed.notify_all();
    }

    /// Waits until there are so many; if one reader gives up, all do.
    fn wait_for(&self, count: usize) {
        let (state, changed) = &*self.0;
        let state = state.lock().unwrap();
        let (mut state, _) = changed
            .wait_timeout_while(state, PATIENCE, |state| {
                state.now < count && state.given_up_at.is_none()
            })
            .unwrap();
        if state.now < count {
            state.given_up_at = state.given_up_at.or(Some(state.now));
            changed.notify_all();
        }
    }

    fn given_up_at(&self) -> Option<usize> {
        self.0.0.lock().unwrap().given_up_at
    }
}

/// Awaits the work on a runtime that is never idle: whatever thread reads the
/// files, the paused clock does not jump meanwhile.
async fn awake<T>(work: impl Future<Output = T>) -> T {
    let spinner = tokio::spawn(async {
        loop {
            yield_now().await;
        }
    });
    let answer = work.await;
    spinner.abort();
    let _ = spinner.await;
    answer
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn others_go_on() {
    run("others_go_on", async {
        let (ask, mut asked) = tokio::sync::mpsc::unbounded_channel();
        let answered = Count::default();
        let answer = answered.clone();
        let other = tokio::spawn(async move {
            while asked.recv().await.is_some() {
                answer.add_one();
            }
        });
        let heard = answered.clone();
        awake(read_all(names(&["a"]), move |name| {
            let _ = ask.send(());
            heard.wait_for(1);
            name.to_owned()
        }))
        .await;
        expect(
            ("what another task did", "另一个任务做了什么"),
            if answered.given_up_at().is_some() { "nothing" } else { "answered" },
            "answered",
            (
                "While `read` waits, the runtime's thread has to be free. An `async` block around a blocking call \
                 does not free it, and neither does `tokio::spawn`: the call runs on that very thread, \
                 like `time.sleep` in a coroutine. A thread that is joined blocks whoever joins it. \
                 asyncio has `to_thread` for this; look for its counterpart in `tokio::task`, and await its handle.",
                "`read` 在等的时候，运行时的线程必须空着。在阻塞的调用外面包一层 `async` 空不出线程，`tokio::spawn` 也不行：\
                 调用还是在这个线程上跑，和协程里的 `time.sleep` 一样。`join` 一个线程，会阻塞 `join` 它的线程。\
                 asyncio 为此准备了 `to_thread`；到 `tokio::task` 里找与它对应的函数，再等待它的句柄。",
            ),
        );
        other.await.unwrap();
    });
}

#[test]
fn all_at_once() {
    run("all_at_once", async {
        let reading = Count::default();
        let begun = reading.clone();
        awake(read_all(names(&["a", "b", "c"]), move |name| {
            begun.add_one();
            begun.wait_for(3);
            name.to_owned()
        }))
        .await;
        expect(
            ("files being read together", "同时在读的文件数"),
            reading.given_up_at().unwrap_or(3),
            3,
            (
                "Each reader waits for the other two, and not all of them came. Give each file a blocking task of its own, \
                 and start all of them before you await the first, as with `gather` over `to_thread`.",
                "每个文件都等另外两个，却没有到齐。给每个文件一个自己的阻塞任务，全部启动以后再等第一个，\
                 就像用 `gather` 收下几个 `to_thread`。",
            ),
        );
    });
}

#[test]
fn in_the_order_of_the_names() {
    run("in_the_order_of_the_names", async {
        let ended = Count::default();
        let texts = awake(read_all(names(&["a", "b", "c"]), move |name| {
            // The last comes first.
            let behind = match name {
                "a" => 2,
                "b" => 1,
                _ => 0,
            };
            ended.wait_for(behind);
            // The one before is about to return; let it.
            if behind > 0 {
                thread::park_timeout(Duration::from_millis(100));
            }
            ended.add_one();
            name.to_owned()
        }))
        .await;
        expect(
            ("the texts", "返回的内容"),
            texts,
            names(&["a", "b", "c"]),
            (
                "The files were read in the order c, b, a. The answer keeps the order of the names: \
                 await the handles in theirs.",
                "文件按 c、b、a 的顺序读完。结果要按文件名的顺序：依次等待它们的句柄。",
            ),
        );
    });
}
