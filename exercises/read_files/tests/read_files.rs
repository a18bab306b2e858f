//! Grades `read_files`.

use std::io;

use grading::{Gauge, elapsed, expect, run, secs};
use read_files::read_all;
use tokio::time::sleep;

/// Every file takes as many seconds as stand here; the second is not there.
const FILES: [(&str, u64); 3] = [("a.txt", 3), ("b.txt", 1), ("c.txt", 2)];

async fn read(name: &str) -> io::Result<String> {
    let (_, seconds) = FILES.into_iter().find(|(file, _)| *file == name).unwrap();
    sleep(secs(seconds)).await;
    match name {
        "b.txt" => Err(io::Error::other("no such file")),
        _ => Ok(format!("text of {name}")),
    }
}

fn names() -> [&'static str; 3] {
    FILES.map(|(name, _)| name)
}

#[test]
fn the_others_are_read() {
    run("the_others_are_read", async {
        let answer = read_all(&names(), async |name: &str| read(name).await).await;
        expect(
            ("the answers for a.txt, b.txt and c.txt", "a.txt、b.txt、c.txt 各自的结果"),
            answer,
            vec![
                Ok("text of a.txt".to_owned()),
                Err("b.txt: no such file".to_owned()),
                Ok("text of c.txt".to_owned()),
            ],
            (
                "One entry for each name, in their order, whatever the others did. `try_join_all` returns at the \
                 first `Err` and drops the reads that are not finished; so does collecting into one `Result`. \
                 An asyncio `gather` without `return_exceptions=True` loses the other texts too, though it lets \
                 the other tasks run on.",
                "每个名字一项，按名字的顺序，互不影响。`try_join_all` 遇到第一个 `Err` 就返回，没读完的都被丢弃；\
                 把结果收集成一个 `Result` 也会丢。asyncio 的 `gather` 不写 `return_exceptions=True`，\
                 其他任务会继续跑，它们的结果却同样拿不到。",
            ),
        );
    });
}

#[test]
fn all_at_once() {
    run("all_at_once", async {
        let gauge = Gauge::new();
        read_all(&names(), async |name: &str| {
            let _inside = gauge.enter();
            read(name).await
        })
        .await;
        expect(
            ("most files being read", "同时在读的文件数"),
            gauge.most(),
            3,
            (
                "A loop that awaits reads one file after another. Hand all the futures to one thing that polls them together.",
                "循环里逐个等待，就是读完一个再读下一个。要把所有 Future 交给同一个东西，由它一起轮询。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(3),
            (
                "Together they take as long as the slowest, 3 s, also when another one fails after 1 s.",
                "一起读，用时等于最慢的那个，3 秒；另一个在 1 秒时失败，也不改变这一点。",
            ),
        );
    });
}

#[test]
fn every_failure_has_its_line() {
    run("every_failure_has_its_line", async {
        let answer = read_all(&["x", "y"], async |name: &str| {
            sleep(secs(if name == "x" { 2 } else { 1 })).await;
            Err(io::Error::other(format!("{} is broken", name.to_uppercase())))
        })
        .await;
        expect(
            ("the answers when no file can be read", "一个文件也读不了时的结果"),
            answer,
            vec![Err("x: X is broken".to_owned()), Err("y: Y is broken".to_owned())],
            (
                "The second failure is reported as well as the first, each under its own name.",
                "不只报告第一个失败：每个失败各有一行，各写自己的名字。",
            ),
        );
        let none = read_all(&[], async |name: &str| read(name).await).await;
        expect(
            ("the answers for no name", "没有名字时的结果"),
            none,
            Vec::new(),
            ("No name, no answer.", "没有名字，就没有结果。"),
        );
    });
}
