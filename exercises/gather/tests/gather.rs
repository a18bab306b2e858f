//! Grades `gather`.

use gather::fetch_all;
use grading::{Gauge, elapsed, expect, run, secs};
use tokio::time::sleep;

/// Every page takes as many seconds as stand here.
const PAGES: [(&str, u64); 3] = [("b", 3), ("c", 1), ("a", 2)];

async fn download(url: &str) -> String {
    let (_, seconds) = PAGES.into_iter().find(|(page, _)| *page == url).unwrap();
    sleep(secs(seconds)).await;
    format!("page of {url}")
}

#[test]
fn all_at_once() {
    run("all_at_once", async {
        let gauge = Gauge::new();
        let urls = PAGES.map(|(url, _)| url);
        fetch_all(&urls, async |url: &str| {
            let _inside = gauge.enter();
            download(url).await
        })
        .await;
        expect(
            ("most downloads in flight", "同时进行的下载数"),
            gauge.most(),
            3,
            (
                "Awaiting one future after another is not gather. Calling `fetch` starts nothing, \
                 also when all calls come first: only what is polled moves on. \
                 Hand all the futures to one thing that polls them together.",
                "逐个等待 Future 并不等于 gather。调用 `fetch` 不会启动任何东西，先全部调用一遍也一样：\
                 只有被轮询的 Future 才会前进。要把所有 Future 交给同一个东西，由它一起轮询。",
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
fn in_the_order_of_the_urls() {
    run("in_the_order_of_the_urls", async {
        let urls = PAGES.map(|(url, _)| url);
        let pages = fetch_all(&urls, async |url: &str| download(url).await).await;
        expect(
            ("the pages", "返回的页面"),
            pages,
            urls.map(|url| format!("page of {url}")).to_vec(),
            (
                "gather answers in the order of its arguments, whichever ends first; \
                 as_completed and FuturesUnordered answer in the order of the ends.",
                "gather 按参数的顺序返回结果，与谁先完成无关；\
                 as_completed 和 FuturesUnordered 才按完成的先后返回。",
            ),
        );
    });
}

#[test]
fn any_number() {
    run("any_number", async {
        let none = fetch_all(&[], async |url: &str| download(url).await).await;
        expect(
            ("pages for no URL", "没有网址时的页面"),
            none,
            Vec::new(),
            ("No URL, no page.", "没有网址，就没有页面。"),
        );
        let gauge = Gauge::new();
        let urls = vec!["a"; 40];
        let pages = fetch_all(&urls, async |url: &str| {
            let _inside = gauge.enter();
            download(url).await
        })
        .await;
        expect(
            ("pages for 40 URLs", "40 个网址的页面数"),
            pages.len(),
            40,
            ("One page for each URL.", "每个网址各有一个页面。"),
        );
        expect(
            ("most of 40 downloads in flight", "40 个下载中同时进行的个数"),
            gauge.most(),
            40,
            ("gather sets no bound: all of them wait together.", "gather 不设上限：全部一起等。"),
        );
    });
}
