//! Grades `event_loop`. The tests are the event loop: they poll by hand.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
};

use event_loop::Event;
use grading::{expect, run};

/// Counts the wakes of a task.
#[derive(Default)]
struct Bell(AtomicUsize);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// A waker, and the bell that it rings.
fn waker() -> (Arc<Bell>, Waker) {
    let bell = Arc::new(Bell::default());
    (bell.clone(), bell.into())
}

#[test]
fn every_waiter_is_woken() {
    run("every_waiter_is_woken", async {
        let event = Event::default();
        let tasks: [_; 3] = std::array::from_fn(|_| waker());
        let mut waits: Vec<_> = tasks.iter().map(|_| Box::pin(event.wait())).collect();
        for (wait, (_, waker)) in waits.iter_mut().zip(&tasks) {
            let _ = wait.as_mut().poll(&mut Context::from_waker(waker));
        }
        event.set();
        let woken = tasks.iter().filter(|(bell, _)| bell.0.load(SeqCst) > 0).count();
        expect(
            ("tasks woken by set, out of 3 that wait", "三个任务在等，set 唤醒了几个"),
            woken,
            3,
            (
                "A task that answered Pending is polled again only if it is woken: its waker is all there is. \
                 A waker that is not kept, or is overwritten by another's, is a wake-up lost, \
                 and its task sleeps for ever. (asyncio.Event keeps a list of those who wait.)",
                "任务回答 Pending 以后，只有被唤醒才会再被轮询，全靠它留下的 Waker。\
                 Waker 没有保存，或被别的任务的覆盖，这次唤醒就丢了，任务会永远睡下去。\
                 （asyncio.Event 里保存的是一串等待者。）",
            ),
        );
        let ready = waits
            .iter_mut()
            .zip(&tasks)
            .filter_map(|(wait, (_, waker))| {
                let poll = wait.as_mut().poll(&mut Context::from_waker(waker));
                poll.is_ready().then_some(())
            })
            .count();
        expect(
            ("tasks that are done at their next poll", "下一次轮询时完成的任务数"),
            ready,
            3,
            ("The event has happened: nobody waits any longer.", "事件已经发生，谁也不必再等。"),
        );
    });
}

#[test]
fn the_latest_waker_counts() {
    run("the_latest_waker_counts", async {
        let event = Event::default();
        let mut wait = pin!(event.wait());
        let (_old, old_waker) = waker();
        let (new, new_waker) = waker();
        let _ = wait.as_mut().poll(&mut Context::from_waker(&old_waker));
        let _ = wait.as_mut().poll(&mut Context::from_waker(&new_waker));
        event.set();
        expect(
            ("was the waker of the latest poll woken", "最近一次轮询带来的 Waker 是否被唤醒"),
            new.0.load(SeqCst) > 0,
            true,
            (
                "A future may be polled by one task and then by another, \
                 as when a future that one task began is handed to a spawned one. \
                 Only the waker of the latest poll reaches the right one: keep it at every poll.",
                "一个 Future 可能先由一个任务轮询，后来换成另一个任务，\
                 比如在一个任务里等了一半，又交给新任务接着等。\
                 只有最近一次轮询的 Waker 通向正确的任务：每次轮询都要保存。",
            ),
        );
    });
}

#[test]
fn nobody_is_woken_early() {
    run("nobody_is_woken_early", async {
        let event = Event::default();
        let mut wait = pin!(event.wait());
        let (bell, waker) = waker();
        let poll = wait.as_mut().poll(&mut Context::from_waker(&waker));
        expect(
            ("the first poll, before set", "set 之前的第一次轮询"),
            poll,
            Poll::Pending,
            ("Nothing has happened yet.", "事件还没有发生。"),
        );
        expect(
            ("wakes before set", "set 之前的唤醒次数"),
            bell.0.load(SeqCst),
            0,
            (
                "A future that wakes itself at every poll loses no wake-up, but the loop never sleeps: \
                 it asks again and again, with a core busy, like the tutorial's pseudo-code.",
                "每次轮询都唤醒自己，确实不会丢唤醒，可循环永远睡不了：它反复地问，占满一个核，\
                 就像教程里的伪代码。",
            ),
        );
    });
}

#[test]
fn set_comes_first() {
    run("set_comes_first", async {
        let event = Event::default();
        event.set();
        let (_, waker) = waker();
        for _ in 0..2 {
            let poll = pin!(event.wait()).poll(&mut Context::from_waker(&waker));
            expect(
                ("the first poll, after set", "set 之后的第一次轮询"),
                poll,
                Poll::Ready(()),
                (
                    "Who comes later must not wait for a set that is over: \
                     the event has to remember that it happened.",
                    "后来的人不该等一个已经过去的 set：事件要记住自己发生过。",
                ),
            );
        }
    });
}
