//! Grades `database`.

use std::sync::Arc;

use database::write_to_all;
use grading::{Gauge, Inside, Journal, elapsed, expect, run, secs};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::sleep,
};

const NAMES: [&str; 6] = ["Ann", "Bob", "Cyd", "Dee", "Eli", "Fay"];

/// A pool of two connections.
struct Pool {
    free: Arc<Semaphore>,
    in_use: Gauge,
}

struct Connection(#[allow(dead_code)] OwnedSemaphorePermit, #[allow(dead_code)] Inside);

impl Pool {
    fn new() -> Self {
        Self { free: Arc::new(Semaphore::new(2)), in_use: Gauge::new() }
    }

    async fn acquire(&self) -> Connection {
        let permit = self.free.clone().acquire_owned().await.unwrap();
        Connection(permit, self.in_use.enter())
    }
}

/// A query takes a second.
async fn find(_: &mut Connection, name: &str) -> String {
    sleep(secs(1)).await;
    format!("{name}@workbook.test")
}

#[test]
fn free_while_writing() {
    run("free_while_writing", async {
        let pool = Pool::new();
        let held = Gauge::new();
        write_to_all(
            &["Ann"],
            async || pool.acquire().await,
            find,
            async |_| {
                sleep(secs(10)).await;
                if pool.in_use.inside() > 0 {
                    drop(held.enter());
                }
            },
        )
        .await;
        expect(
            ("connections in use after ten seconds of writing", "写了十秒信之后还占着的连接数"),
            held.entered(),
            0,
            (
                "A connection goes back when it is dropped: at the end of its scope, and without a name at the end of \
                 its statement. Both are after the letter. `let _ = connection;` does not drop it, `drop(connection)` does. \
                 In Python you would end the `async with` before the letter.",
                "连接被丢弃时才还回去：有名字的在作用域的末尾，没有名字的在语句的末尾，那时信都写完了。\
                 `let _ = connection;` 不会丢弃它，`drop(connection)` 会。在 Python 里，就是让 `async with` 在写信之前结束。",
            ),
        );
    });
}

#[test]
fn two_at_a_time() {
    run("two_at_a_time", async {
        let pool = Pool::new();
        write_to_all(
            &NAMES,
            async || pool.acquire().await,
            find,
            async |_| {
                sleep(secs(10)).await;
            },
        )
        .await;
        expect(
            ("most connections in use", "同时占用的连接数"),
            pool.in_use.most(),
            2,
            (
                "The pool has two connections: two queries run at the same time, not one and not six.",
                "池里有两个连接：两个查询同时跑，不是一个，也不是六个。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(13),
            (
                "Six queries by two connections are three seconds, and the last letter takes ten more. \
                 Whoever keeps a connection while writing keeps the others from their queries.",
                "六个查询、两个连接，是三秒，最后一封信再写十秒。谁写信时还占着连接，别人就没法查询。",
            ),
        );
    });
}

#[test]
fn each_letter_at_once() {
    run("each_letter_at_once", async {
        let (pool, letters) = (Pool::new(), Journal::new());
        write_to_all(
            &NAMES,
            async || pool.acquire().await,
            find,
            async |address: String| {
                letters.note(address);
                sleep(secs(10)).await;
            },
        )
        .await;
        let begun: Vec<_> =
            NAMES.iter().map(|name| letters.time_of(&format!("{name}@workbook.test"))).collect();
        expect(
            ("the letters, and when each was begun", "每封信在什么时候动笔"),
            begun,
            [1, 1, 2, 2, 3, 3].map(|second| Some(secs(second))).to_vec(),
            (
                "A letter is begun as soon as its address is known; it need not wait for the other queries.",
                "地址一查到就动笔，不必等别的查询。",
            ),
        );
    });
}
