//! Grades `image_downloads`.

use grading::{Gauge, elapsed, expect, run, secs};
use image_downloads::download_all;
use tokio::time::sleep;

/// Downloads take as many seconds as their URL says; one that ends in `!` fails.
async fn download(url: &str) -> Result<String, String> {
    sleep(secs(url.trim_end_matches('!').parse().unwrap())).await;
    if url.ends_with('!') { Err(format!("404: {url}")) } else { Ok(format!("picture {url}")) }
}

#[test]
fn no_more_than_allowed() {
    run("no_more_than_allowed", async {
        let gauge = Gauge::new();
        download_all(&["1"; 10], 3, async |url: &str| {
            let _inside = gauge.enter();
            download(url).await
        })
        .await;
        expect(
            ("most downloads under way", "同时进行的下载数"),
            gauge.most(),
            3,
            (
                "join_all bounds nothing, no more than asyncio.gather does: a thousand URLs are a thousand requests. \
                 Let each download take a place before it begins, and give it back at its end.",
                "join_all 不设上限，asyncio.gather 也一样：一千个网址就是一千个请求。\
                 让每个下载先占一个位置再开始，做完再让出来。",
            ),
        );
        expect(
            ("time taken by 10 downloads of 1 s", "10 个 1 秒的下载用时"),
            elapsed(),
            secs(4),
            ("Three at a time: four rounds.", "一次三个，一共四轮。"),
        );
    });
}

#[test]
fn no_place_stays_empty() {
    run("no_place_stays_empty", async {
        download_all(&["6", "1", "1", "1", "1", "1", "1"], 2, download).await;
        expect(
            (
                "time taken by one slow download and six quick ones, two at a time",
                "一个慢的和六个快的，一次两个，用时",
            ),
            elapsed(),
            secs(6),
            (
                "While the slow one occupies one place, the quick ones pass through the other. \
                 Batches wait for the slowest of each batch, and `buffered` keeps a place for every result \
                 that is ready and not yet its turn.",
                "慢的占着一个位置，快的就一个个从另一个位置过去。分批会等每批里最慢的一个；\
                 `buffered` 里，做完了而没轮到的结果也占着位置。",
            ),
        );
    });
}

#[test]
fn a_fault_stops_no_other() {
    run("a_fault_stops_no_other", async {
        let pictures = download_all(&["2", "1!", "3", "1"], 2, download).await;
        let expected = [Ok("2"), Err("404: 1!"), Ok("3"), Ok("1")];
        let text = |picture: Result<&str, &str>| match picture {
            Ok(number) => Ok(format!("picture {number}")),
            Err(fault) => Err(fault.to_owned()),
        };
        expect(
            ("the answers, in the order of the URLs", "各个网址的结果，按网址的顺序"),
            pictures,
            expected.map(text).to_vec(),
            (
                "A fault is a result like any other, in its own place (gather's return_exceptions=True). \
                 What ends first is not the first in the list.",
                "失败也是一个结果，放在自己的位置上（相当于 gather 的 return_exceptions=True）。\
                 先完成的，不一定排在前面。",
            ),
        );
    });
}
