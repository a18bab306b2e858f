//! Grades `gather_downloads`.

use gather_downloads::download_all;
use grading::{Gauge, Journal, elapsed, expect, run, secs};
use tokio::time::sleep;

/// Every page takes as many seconds as stand here.
const PAGES: [(&str, u64); 3] = [("b", 3), ("c", 1), ("a", 2)];

fn urls() -> [&'static str; 3] {
    PAGES.map(|(url, _)| url)
}

async fn download(url: &str) -> String {
    let (_, seconds) = PAGES.into_iter().find(|(page, _)| *page == url).unwrap();
    sleep(secs(seconds)).await;
    format!("page of {url}")
}

#[test]
fn all_at_once() {
    run("all_at_once", async {
        let gauge = Gauge::new();
        let download = async |url: &str| {
            let _inside = gauge.enter();
            download(url).await
        };
        download_all(&urls(), download, |_| ()).await;
        expect(
            ("most downloads in flight", "同时进行的下载数"),
            gauge.most(),
            3,
            (
                "A loop that awaits each download in turn runs one at a time, in asyncio too. \
                 Hand all the futures to `join_all`, and let each of them report for itself.",
                "循环里逐个 await，就是一个接一个地下载，asyncio 里也一样。\
                 把所有 Future 交给 `join_all`，让每个 Future 自己报告。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(3),
            (
                "Together they take as long as the slowest: 3 s, not 3 + 1 + 2.",
                "一起下载，用时等于最慢的那个：3 秒，而不是 3 + 1 + 2 秒。",
            ),
        );
    });
}

#[test]
fn each_report_at_its_end() {
    run("each_report_at_its_end", async {
        let journal = Journal::new();
        download_all(&urls(), download, |url| journal.note(url)).await;
        let lines = journal.lines();
        let reports: Vec<_> =
            lines.iter().map(|url| (url.as_str(), journal.time_of(url).unwrap())).collect();
        expect(
            ("the reports and their times", "报告及其时刻"),
            reports,
            vec![("c", secs(1)), ("a", secs(2)), ("b", secs(3))],
            (
                "`join_all(…).await`, like `await gather(…)`, gives nothing until all have ended, and then in list order. \
                 What should happen at the end of one download belongs in the future of that download, after its `.await`.",
                "`join_all(…).await` 和 `await gather(…)` 一样，全部结束之前什么也不给，给的时候又按列表的顺序。\
                 想在某个下载结束时做的事，要写进这个下载自己的 Future，放在它的 `.await` 之后。",
            ),
        );
    });
}

#[test]
fn pages_in_the_order_of_the_urls() {
    run("pages_in_the_order_of_the_urls", async {
        let pages = download_all(&urls(), download, |_| ()).await;
        expect(
            ("the pages", "返回的页面"),
            pages,
            urls().map(|url| format!("page of {url}")).to_vec(),
            (
                "The order of the ends is for the reports. The pages keep the order of the URLs, \
                 as with gather; as_completed and FuturesUnordered do not keep it.",
                "结束的先后只关系到报告。返回的页面要按网址的顺序，gather 就是这样；\
                 as_completed 和 FuturesUnordered 不保持这个顺序。",
            ),
        );
    });
}
