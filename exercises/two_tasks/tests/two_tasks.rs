//! Grades `two_tasks`.

use std::collections::BTreeSet;

use grading::{Journal, elapsed, expect, run};
use two_tasks::search;

#[test]
fn in_turns() {
    run("in_turns", async {
        let journal = Journal::new();
        let task = |name: &'static str| {
            let journal = journal.clone();
            tokio::spawn(async move {
                search(&["1", "2", "3"], |page| {
                    journal.note(format!("{name}{page}"));
                    page == "3"
                })
                .await
            })
        };
        let (a, b) = (task("a"), task("b"));
        a.await.unwrap();
        b.await.unwrap();
        // Who comes first in a round is the runtime's affair.
        let rounds: Vec<BTreeSet<String>> =
            journal.lines().chunks(2).map(|round| round.iter().cloned().collect()).collect();
        let turns = ["1", "2", "3"]
            .map(|page| ["a", "b"].map(|name| format!("{name}{page}")).into_iter().collect());
        expect(
            ("pages read, two at a time, by tasks a and b", "任务 a 和 b 读的页，两页一组"),
            rounds,
            turns.to_vec(),
            (
                "The event loop interrupts nobody. A task has the thread until its poll answers Pending, \
                 and an await that need not wait goes straight on. \
                 To let others have a turn, a task has to answer Pending of its own accord: \
                 in asyncio that is `await asyncio.sleep(0)`.",
                "事件循环不会打断任何人。任务占着线程，直到这次轮询回答 Pending；\
                 不需要等的 await 会直接走下去。要让别的任务前进，就得主动回答一次 Pending：\
                 asyncio 里写 `await asyncio.sleep(0)`。",
            ),
        );
    });
}

#[test]
fn no_time_is_lost() {
    run("no_time_is_lost", async {
        search(&["page"; 100], |_| true).await;
        expect(
            ("milliseconds taken by 100 pages", "读 100 页用了几毫秒"),
            elapsed().as_millis(),
            0,
            (
                "A turn for the others costs no time if there are no others. \
                 A sleep waits for the clock, however short it is.",
                "没有别的任务时，让一步不花时间。sleep 再短，也要等时钟走到。",
            ),
        );
    });
}

#[test]
fn every_page_counts() {
    run("every_page_counts", async {
        let found = search(&["ab", "b", "c", "bd"], |page| page.contains('b')).await;
        expect(
            ("pages that match, of ab, b, c, bd", "ab、b、c、bd 中含 b 的页数"),
            found,
            3,
            (
                "A turn for the others is not the end of the search.",
                "让别人一步，不等于搜索到此为止。",
            ),
        );
        expect(
            ("pages that match, of none", "没有页时的页数"),
            search(&[], |_| true).await,
            0,
            ("No page, no match.", "没有页，就没有匹配。"),
        );
    });
}
