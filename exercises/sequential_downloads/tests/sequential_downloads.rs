//! Grades `sequential_downloads`.

use grading::{Gauge, Journal, elapsed, expect, run, secs};
use sequential_downloads::copy_all;
use tokio::time::sleep;

/// Copies pictures that take `download` and `save` seconds: the most downloads
/// and the most saves at the same time, and the pictures in the order in which
/// they were saved.
async fn copy(urls: &[&str], download: u64, save: u64) -> (usize, usize, Vec<String>) {
    let (downloads, saves, saved) = (Gauge::new(), Gauge::new(), Journal::new());
    copy_all(
        urls,
        async |url: &str| {
            let _inside = downloads.enter();
            sleep(secs(download)).await;
            format!("picture {url}")
        },
        async |picture: String| {
            let _inside = saves.enter();
            sleep(secs(save)).await;
            saved.note(picture);
        },
    )
    .await;
    (downloads.most(), saves.most(), saved.lines())
}

#[test]
fn one_download_and_one_save() {
    run("one_download_and_one_save", async {
        let (downloads, saves, _) = copy(&["a", "b", "c"], 2, 1).await;
        expect(
            ("most downloads and most saves at the same time", "同时进行的下载数和保存数"),
            (downloads, saves),
            (1, 1),
            (
                "The server wants one request at a time, and the disk one file. \
                 Only a save and the next download may overlap.",
                "服务器要求一次只发一个请求，磁盘一次只写一个文件。能重叠的，只是保存和下一张的下载。",
            ),
        );
        expect(
            (
                "time taken by three pictures, 2 s to download and 1 s to save",
                "三张图片的用时，每张下载 2 秒、保存 1 秒",
            ),
            elapsed(),
            secs(7),
            (
                "Three downloads one after another take 6 s; the saves of the first two pass meanwhile, and the \
                 last one comes on top. Two awaits in a row overlap nothing, in asyncio as here: \
                 poll the save and the next download together.",
                "三次下载一个接一个，要 6 秒；前两张在这期间就保存好了，最后一张再加 1 秒。\
                 连着写两个 await，什么也不会重叠，asyncio 里也一样：要把保存和下一次下载放在一起轮询。",
            ),
        );
    });
}

#[test]
fn slow_saves() {
    run("slow_saves", async {
        let (_, saves, _) = copy(&["a", "b", "c"], 1, 3).await;
        expect(
            ("most saves at the same time, and the time taken", "同时进行的保存数，以及用时"),
            (saves, elapsed()),
            (1, secs(10)),
            (
                "Now saving is the slower of the two: 1 s until the first picture is there, then three saves of 3 s. \
                 A download that is quicker than a save waits for it.",
                "这次保存更慢：第一张 1 秒到，然后是三次保存，每次 3 秒。下载先做完，就等保存。",
            ),
        );
    });
}

#[test]
fn all_in_order() {
    run("all_in_order", async {
        let (_, _, saved) = copy(&["a", "b", "c", "d"], 1, 1).await;
        expect(
            ("pictures saved", "保存的图片"),
            saved,
            ["a", "b", "c", "d"].map(|url| format!("picture {url}")).to_vec(),
            (
                "Every picture is saved once, in the order of the URLs, the last one too.",
                "每张图片保存一次，按网址的顺序，最后一张也不例外。",
            ),
        );
        let (_, _, saved) = copy(&[], 1, 1).await;
        expect(
            ("pictures saved for no URL", "没有网址时保存的图片"),
            saved,
            Vec::new(),
            ("No URL, no picture.", "没有网址，就没有图片。"),
        );
    });
}
