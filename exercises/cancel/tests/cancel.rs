//! Grades `cancel`.

use std::future::pending;

use cancel::restart;
use grading::{DropSpy, Gauge, elapsed, expect, expect_panics, run, secs};
use tokio::{spawn, task::JoinHandle, time::sleep};

/// A session holds its port, from its start until it is dropped.
fn session(port: &Gauge) -> JoinHandle<()> {
    let held = port.enter();
    spawn(async move {
        let _held = held;
        pending::<()>().await;
    })
}

/// Ends the session of a test.
async fn end(session: JoinHandle<()>) {
    session.abort();
    let _ = session.await;
}

#[test]
fn one_session_at_a_time() {
    run("one_session_at_a_time", async {
        let port = Gauge::new();
        let old = session(&port);
        sleep(secs(1)).await;
        // The aborted session queues behind these, so that one `yield_now` comes too early.
        for _ in 0..100 {
            spawn(async {});
        }
        let new = restart(old, || session(&port)).await;
        expect(
            ("sessions open at the same time", "同时打开的会话数"),
            port.most(),
            1,
            (
                "abort only asks: it returns at once, and the task is dropped at its next turn. \
                 Its handle tells when that has happened. \
                 (In asyncio, too, `task.cancel()` is followed by `await task`.)",
                "abort 只是提出请求：它立刻返回，任务要到下一次轮到它时才被丢弃。\
                 何时真正结束，由它的句柄告知。（asyncio 里也一样，`task.cancel()` 之后还要 `await task`。）",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(1),
            (
                "Do not guess how long a cancelled task needs: await its handle, which takes no longer than necessary.",
                "不要猜被取消的任务需要多久：等待它的句柄即可，一刻也不会多等。",
            ),
        );
        end(new).await;
    });
}

#[test]
fn the_new_session_lives() {
    run("the_new_session_lives", async {
        let port = Gauge::new();
        let new = restart(session(&port), || session(&port)).await;
        sleep(secs(1)).await;
        expect(
            (
                "sessions started, and open a second later",
                "启动过的会话数，以及一秒后仍打开的会话数",
            ),
            (port.entered(), port.inside()),
            (2, 1),
            (
                "`restart` ends the old session, starts one new session, and answers with its handle.",
                "`restart` 结束旧会话，启动一个新会话，并返回新会话的句柄。",
            ),
        );
        end(new).await;
    });
}

#[test]
fn a_session_that_panicked() {
    run("a_session_that_panicked", async {
        expect_panics();
        let port = Gauge::new();
        let spy = DropSpy::new();
        let guard = spy.guard();
        let old = spawn(async move {
            let _guard = guard;
            panic!("the connection was lost");
        });
        sleep(secs(1)).await;
        let new = restart(old, || session(&port)).await;
        expect(
            ("when the old session was dropped", "旧会话被丢弃的时刻"),
            spy.dropped_at(),
            Some(secs(0)),
            (
                "A task that panicked is gone already; its handle says so with a JoinError.",
                "panic 的任务早已结束，句柄会用 JoinError 告诉你。",
            ),
        );
        expect(
            ("sessions open", "打开的会话数"),
            port.inside(),
            1,
            (
                "However the old session ended, the new one starts.",
                "不管旧会话是怎么结束的，新会话都要启动。",
            ),
        );
        end(new).await;
    });
}
