//! Grades `performance`.

use futures::future::join_all;
use grading::{Gauge, elapsed, expect, run, secs};
use performance::Cache;
use tokio::time::{sleep, timeout};

async fn download(url: &str, gauge: &Gauge) -> String {
    let _inside = gauge.enter();
    sleep(secs(1)).await;
    format!("page of {url}")
}

#[test]
fn different_pages_at_once() {
    run("different_pages_at_once", async {
        let (cache, gauge) = (Cache::default(), Gauge::new());
        let urls = ["a", "b", "c"];
        let asking = urls.map(|url| cache.get(url, async |url: &str| download(url, &gauge).await));
        let pages = join_all(asking).await;
        expect(
            ("the pages", "得到的页面"),
            pages,
            urls.map(|url| format!("page of {url}")).to_vec(),
            ("Each URL has a page of its own.", "每个网址有自己的页面。"),
        );
        expect(
            ("most downloads in flight", "同时进行的下载数"),
            gauge.most(),
            3,
            (
                "A guard that lives across an `.await` holds the lock through the whole download, \
                 and everyone else waits for it, for whatever page. `async with lock:` around an await does the same. \
                 Lock for the look into the map, and wait without the lock.",
                "守卫跨过 `.await`，整个下载期间锁都不放，别人要的是哪一页都得等。\
                 在 `async with lock:` 里 await 也一样。查表的时候拿锁，等的时候不拿。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(1),
            ("Three downloads that overlap take 1 s.", "三个下载重叠，用 1 秒。"),
        );
    });
}

#[test]
fn the_same_page_once() {
    run("the_same_page_once", async {
        let (cache, gauge) = (Cache::default(), Gauge::new());
        let asking = (0..10).map(|_| cache.get("a", async |url: &str| download(url, &gauge).await));
        let pages = join_all(asking).await;
        expect(
            ("downloads for ten who ask at once", "十个人同时问时的下载数"),
            gauge.entered(),
            1,
            (
                "Between the look into the map and the entry there is an await: all ten look before the first has come \
                 back. Let the map hold, from the first look on, something that the others can wait for.",
                "查表和写表之间隔着一个 await：第一个还没回来，十个都查过了。\
                 要让第一个查表的人在表里放下一样东西，后来的人可以等它。",
            ),
        );
        expect(
            ("pages", "得到的页面数"),
            pages.iter().filter(|page| *page == "page of a").count(),
            10,
            ("Everyone gets the page.", "每个人都得到页面。"),
        );
        cache.get("a", async |url: &str| download(url, &gauge).await).await;
        expect(
            ("time taken, with one who asks later", "用时，包括后来问的一个"),
            elapsed(),
            secs(1),
            ("What has been fetched is there at once.", "下载过的，马上就有。"),
        );
    });
}

#[test]
fn whoever_fetches_may_give_up() {
    run("whoever_fetches_may_give_up", async {
        let (cache, gauge) = (Cache::default(), Gauge::new());
        let get = || cache.get("a", async |url: &str| download(url, &gauge).await);
        let impatient = async { timeout(secs(1) / 2, get()).await.ok() };
        let (gone, page) = tokio::join!(biased; impatient, get());
        expect(
            ("the page, for one who gave up and one who waited", "页面：一个放弃了，一个等着"),
            (gone, page),
            (None, "page of a".to_owned()),
            (
                "A future can be dropped at any `.await`, in the middle of the download. Whoever waits next takes over.",
                "Future 可能在任何一个 `.await` 处被丢弃，下载到一半也会。等着的下一个人要接手。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(1) * 3 / 2,
            (
                "It begins again when the first gives up, at 0.5 s.",
                "第一个在 0.5 秒放弃，这时重新开始。",
            ),
        );
    });
}
