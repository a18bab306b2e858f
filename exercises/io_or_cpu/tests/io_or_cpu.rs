//! Grades `io_or_cpu`.

use grading::{Gauge, elapsed, expect, run, secs};
use io_or_cpu::report;
use tokio::time::sleep;

async fn download(page: &'static str, seconds: u64, gauge: Gauge) -> String {
    let _inside = gauge.enter();
    sleep(secs(seconds)).await;
    format!("page {page}")
}

#[test]
fn draws_while_they_wait() {
    run("draws_while_they_wait", async {
        let gauge = Gauge::new();
        let downloads = [("a", 3), ("b", 1), ("c", 2)]
            .map(|(page, seconds)| download(page, seconds, gauge.clone()));
        let mut drawn = None;
        report(downloads.into(), || {
            drawn = Some((gauge.inside(), elapsed().as_secs()));
            "cover".into()
        })
        .await;
        expect(
            (
                "downloads under way when the drawing begins, and at what second that is",
                "开始画封面时正在进行的下载数，以及那是第几秒",
            ),
            drawn,
            Some((3, 0)),
            (
                "Waiting overlaps with computing, but only a wait that has begun: \
                 a future begins at its first poll, and a spawned task at its first turn, \
                 which it gets when this one gives the thread back. \
                 (In asyncio `create_task` starts nothing at once, either.)",
                "等待能和计算重叠，但这段等待必须已经开始：Future 在第一次被轮询时才开始；\
                 spawn 出来的任务要轮到它才开始，而那得等当前任务交出线程。\
                 （asyncio 的 `create_task` 也不会立刻启动什么。）",
            ),
        );
        expect(
            ("time taken by waits of 3, 1 and 2 s", "等待 3、1、2 秒的总用时"),
            elapsed(),
            secs(3),
            ("The waits overlap each other, too: 3 s in all.", "几段等待之间也要重叠：一共 3 秒。"),
        );
    });
}

#[test]
fn pages_and_cover() {
    run("pages_and_cover", async {
        let gauge = Gauge::new();
        let downloads =
            [("a", 2), ("b", 1)].map(|(page, seconds)| download(page, seconds, gauge.clone()));
        let answer = report(downloads.into(), || "cover".into()).await;
        expect(
            ("the pages and the cover", "返回的页面和封面"),
            answer,
            (vec!["page a".to_owned(), "page b".to_owned()], "cover".to_owned()),
            ("The pages come in the order of the downloads.", "页面按下载的顺序排列。"),
        );
        let none: Vec<std::future::Ready<String>> = Vec::new();
        let (pages, cover) = report(none, || "cover".into()).await;
        expect(
            ("without downloads: the pages, the cover", "没有下载时：页面和封面"),
            (pages.len(), cover.as_str()),
            (0, "cover"),
            ("A report without pages has its cover still.", "没有页面的报告也有封面。"),
        );
    });
}
