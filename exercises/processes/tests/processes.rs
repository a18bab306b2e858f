//! Grades `processes`.
//!
//! The children are tasks that behave like processes: nobody ends them by
//! dropping a handle, and a kill takes a moment.

use std::{sync::Arc, time::Duration};

use grading::{Gauge, Inside, elapsed, expect, run, secs};
use processes::{Child, run_within};
use tokio::{
    sync::Notify,
    task::JoinHandle,
    time::{sleep, timeout},
};

/// How long a child takes to die.
const DYING: Duration = Duration::from_millis(100);

/// What the system knows about the children.
#[derive(Default)]
struct System {
    there: Gauge,
    kills: Gauge,
}

struct Process {
    task: Option<JoinHandle<bool>>,
    well: bool,
    killed: Arc<Notify>,
    kills: Gauge,
}

impl System {
    /// Starts a child that takes so many seconds, and ends well or not.
    fn start(&self, seconds: u64, well: bool) -> Process {
        let killed = Arc::new(Notify::new());
        let task = tokio::spawn(live(self.there.enter(), secs(seconds), killed.clone(), well));
        Process { task: Some(task), well: false, killed, kills: self.kills.clone() }
    }
}

async fn live(_there: Inside, life: Duration, killed: Arc<Notify>, well: bool) -> bool {
    if timeout(life, killed.notified()).await.is_ok() {
        sleep(DYING).await;
        return false;
    }
    well
}

impl Child for Process {
    async fn wait(&mut self) -> bool {
        if let Some(task) = &mut self.task {
            self.well = task.await.unwrap_or_default();
            self.task = None;
        }
        self.well
    }

    fn kill(&mut self) {
        let _ = self.kills.enter();
        self.killed.notify_one();
    }
}

#[test]
fn a_child_in_time() {
    run("a_child_in_time", async {
        let system = System::default();
        expect(
            ("the answer for a child that ended well", "子进程正常结束时的结果"),
            run_within(system.start(1, true), secs(2)).await,
            Some(true),
            ("It ended after one second, and the limit is two.", "它一秒后就结束了，时限是两秒。"),
        );
        expect(
            ("the answer for a child that failed", "子进程失败时的结果"),
            run_within(system.start(1, false), secs(2)).await,
            Some(false),
            (
                "`None` stands for a child that took too long. One that failed in time has ended, too.",
                "`None` 的意思是超时。及时结束但失败了的子进程，也是结束了。",
            ),
        );
        expect(
            ("kills", "杀掉子进程的次数"),
            system.kills.entered(),
            0,
            (
                "Both had ended by themselves. Their number may belong to another process by now.",
                "两个都是自己结束的。它们的进程号，这时也许已经归了别的进程。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(2),
            ("Each of them took a second.", "每个只用一秒。"),
        );
    });
}

#[test]
fn a_child_that_takes_too_long() {
    run("a_child_that_takes_too_long", async {
        let system = System::default();
        let answer = run_within(system.start(30, true), secs(2)).await;
        expect(
            ("children still there", "还在的子进程数"),
            system.there.inside(),
            0,
            (
                "A timeout ends the waiting, not the child, and so does dropping its handle: it runs on by itself, \
                 as in asyncio. Call `kill`; that only asks, so wait for the end once more.",
                "超时结束的只是等待，不是子进程；丢掉句柄也一样，它会自己跑下去，asyncio 里也是如此。\
                 要调用 `kill`；它只是提出请求，所以还要再等一次，等它真的结束。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(2) + DYING,
            (
                "Two seconds, and the moment that dying takes. A child that nobody kills goes on for 30 s.",
                "两秒，加上它结束所需的片刻。没有人杀掉它，它要跑 30 秒。",
            ),
        );
        expect(
            ("the answer", "返回的结果"),
            answer,
            None,
            (
                "It took too long, and `None` says so. What the second `wait` answers is the end of a child that you killed.",
                "它超时了，结果就是 `None`。第二次 `wait` 返回的，是被你杀掉的子进程的结果。",
            ),
        );
    });
}
