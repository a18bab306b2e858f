//! Grades `producer_consumer`.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use grading::{Journal, elapsed, expect, run, secs};
use producer_consumer::store_all;
use tokio::time::sleep;

const ROOM: usize = 4;

#[test]
fn it_ends() {
    run("it_ends", async {
        let mut items = Vec::new();
        store_all(vec![0..10, 10..20], ROOM, async |item| items.push(item)).await;
        let (first, second): (Vec<u32>, Vec<u32>) = items.iter().partition(|item| **item < 10);
        expect(
            ("items stored, source by source", "存下的件，按来源分开"),
            (first, second),
            ((0..10).collect(), (10..20).collect()),
            (
                "Every item of every source is stored, in the order of its source. A full channel makes `send` wait, \
                 so that nothing is lost; an empty one makes `recv` wait, since more may come. \
                 `recv` returns `None` when the channel is empty and every Sender has been dropped, \
                 and no sentinel is needed as in an asyncio queue.",
                "每个来源的每一件都要存下，顺序和来源里一样。通道满了，`send` 就等，所以什么也不会丢；通道空了，`recv` 就等，\
                 因为以后也许还有。通道空了，而且 Sender 全都丢弃了，`recv` 才返回 `None`，\
                 不必像 asyncio 的队列那样放一个结束标记。",
            ),
        );
    });
}

#[test]
fn held_back() {
    run("held_back", async {
        let made = Arc::new(AtomicUsize::new(0));
        let count = made.clone();
        let source = (0..20).inspect(move |_| {
            count.fetch_add(1, SeqCst);
        });
        let (mut taken, mut most) = (0, 0);
        store_all(vec![source], ROOM, async |_| {
            taken += 1;
            sleep(secs(1)).await;
            most = most.max(made.load(SeqCst) - taken);
        })
        .await;
        // A producer may have one in hand while it waits for room.
        let allowed = most == ROOM || most == ROOM + 1;
        expect(
            ("items made and not yet stored", "做好而还没轮到存的件数"),
            if allowed { ROOM } else { most },
            ROOM,
            (
                "`store` is slow, and the source is not. While the channel has room the producer runs ahead; \
                 when it is full, `send(…).await` stops the producer, and with it the source. \
                 That is backpressure, `asyncio.Queue(maxsize=room)`. Who takes all items out of the source \
                 before sending them, or sends them into a channel without a bound, keeps them all in memory.",
                "`store` 慢，来源快。通道有空位时，生产者可以跑在前面；满了，`send(…).await` 停住生产者，来源也就停了。\
                 这就是背压，在 asyncio 里写 `Queue(maxsize=room)`。要是先把来源里的件全取出来再发，\
                 或者发进没有上限的通道，它们就全堆在内存里。",
            ),
        );
    });
}

#[test]
fn a_producer_each() {
    run("a_producer_each", async {
        let journal = Journal::new();
        store_all(vec![0..20, 100..101], 1, async |item| {
            journal.note(item.to_string());
            sleep(secs(1)).await;
        })
        .await;
        let in_time = journal.time_of("100").is_some_and(|at| at < secs(10));
        expect(
            ("when the item of the short source was stored", "短来源的那一件在什么时候存下"),
            if in_time { "among the first" } else { "after the long source" },
            "among the first",
            (
                "Each source has a producer of its own: a task, and a clone of the Sender in it. \
                 Those that wait for room are served in turn.",
                "每个来源有自己的生产者：一个任务，里面有一个 Sender 的 clone。等空位的生产者轮流得到空位。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(21),
            ("Twenty-one items at 1 s each, one at a time.", "共二十一件，一次一件，每件 1 秒。"),
        );
    });
}
