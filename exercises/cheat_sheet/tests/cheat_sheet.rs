//! Grades `cheat_sheet`.

use cheat_sheet::ask_all;
use grading::{Gauge, elapsed, expect, run, secs};
use tokio::time::sleep;

/// Every source takes as many seconds as stand here.
const SOURCES: [(&str, u64); 3] = [("a", 2), ("b", 5), ("c", 1)];

fn names() -> [&'static str; 3] {
    SOURCES.map(|(name, _)| name)
}

async fn ask(source: &str) -> String {
    let (_, seconds) = SOURCES.into_iter().find(|(name, _)| *name == source).unwrap();
    sleep(secs(seconds)).await;
    format!("answer of {source}")
}

#[test]
fn what_came_in_time() {
    run("what_came_in_time", async {
        let answers = ask_all(&names(), secs(3), ask).await;
        expect(
            ("the answers", "得到的回答"),
            answers,
            vec![Some("answer of a".to_owned()), None, Some("answer of c".to_owned())],
            (
                "`asyncio.wait(tasks, timeout=3)` hands you those that are done. A `timeout` around all of them \
                 together hands you nothing: it drops the finished ones with the slow one. Set the limit for each. \
                 The answers stand in the order of the sources.",
                "`asyncio.wait(tasks, timeout=3)` 把完成的交给你。在外面套一个 `timeout` 却什么也得不到：\
                 超时的时候，完成的和没完成的一起被丢弃。要给每一个分别限时。回答按来源的顺序排。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(3),
            (
                "The sources are asked at once, and the slowest is given up after 3 s. \
                 A loop that awaits starts each limit only when the one before is over.",
                "所有来源同时问，最慢的到 3 秒就放弃。循环里逐个 await，前一个结束了，后一个的限时才开始算。",
            ),
        );
    });
}

#[test]
fn no_longer_than_needed() {
    run("no_longer_than_needed", async {
        let gauge = Gauge::new();
        let answers = ask_all(&names(), secs(60), async |source: &str| {
            let _inside = gauge.enter();
            ask(source).await
        })
        .await;
        expect(
            ("answers that came", "得到回答的个数"),
            answers.iter().flatten().count(),
            3,
            (
                "With a limit of a minute all three have the time to answer.",
                "限时一分钟，三个都来得及回答。",
            ),
        );
        expect(
            ("sources asked at the same time", "同时在问的来源数"),
            gauge.most(),
            3,
            ("All of them are asked at once.", "所有来源要同时问。"),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(5),
            (
                "Once all have answered there is nothing to wait for: the limit is a limit, not a pause.",
                "都回答了，就没有什么可等的：限时是上限，不是要等满的时间。",
            ),
        );
    });
}

#[test]
fn any_number() {
    run("any_number", async {
        let none = ask_all(&[], secs(1), ask).await;
        expect(
            ("answers of no source", "没有来源时的回答"),
            none,
            Vec::new(),
            ("No source, no answer.", "没有来源，就没有回答。"),
        );
        let many = ask_all(&["c"; 40], secs(3), ask).await;
        expect(
            ("answers of 40 sources", "40 个来源的回答数"),
            many.iter().flatten().count(),
            40,
            ("An answer for each source.", "每个来源都有一个回答。"),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(1),
            (
                "Every source answers after a second: all 40 are asked at once, not a few at a time.",
                "每个来源都在一秒后回答：40 个要同时问，不是一批一批地问。",
            ),
        );
    });
}
