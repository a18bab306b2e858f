//! Grades `web_crawler`.

use std::{cell::RefCell, future::pending, time::Duration};

use grading::{elapsed, expect, run};
use tokio::time::sleep;
use web_crawler::{Fault, fetch_patiently};

/// What a server does with a request.
#[derive(Clone, Copy)]
enum Server {
    Page,
    Slow,
    Gone,
    Busy,
    Silent,
}

use Server::*;

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Fetches from a server that does these things in turn: what came of it, and
/// when each try began.
async fn fetch(server: &[Server]) -> (Result<String, Fault>, Vec<Duration>) {
    let tries = RefCell::new(Vec::new());
    let page = fetch_patiently("page.html", async |url: &str| {
        let number = tries.borrow().len();
        tries.borrow_mut().push(elapsed());
        match server.get(number).unwrap_or(&Busy) {
            Page => Ok(url.to_owned()),
            Slow => {
                sleep(millis(900)).await;
                Ok(url.to_owned())
            }
            Gone => Err(Fault::Gone),
            Busy => Err(Fault::Busy),
            Silent => pending().await,
        }
    })
    .await;
    (page, tries.into_inner())
}

#[test]
fn pauses_that_grow() {
    run("pauses_that_grow", async {
        let (page, tries) = fetch(&[Busy, Busy, Page]).await;
        expect(
            ("the page, and when each try began", "网页，以及每次尝试开始的时刻"),
            (page, tries),
            (Ok("page.html".to_owned()), [0, 200, 600].map(millis).to_vec()),
            (
                "A busy server that is asked again at once is busier still. Wait before the next try, \
                 and twice as long before the one after.",
                "服务器正忙，马上再问，它只会更忙。再试之前先等一等，下一次等两倍的时间。",
            ),
        );
    });
}

#[test]
fn a_second_for_each_try() {
    run("a_second_for_each_try", async {
        let (page, tries) = fetch(&[Silent, Slow]).await;
        expect(
            ("the page, and when each try began", "网页，以及每次尝试开始的时刻"),
            (page, tries),
            (Ok("page.html".to_owned()), [0, 1_200].map(millis).to_vec()),
            (
                "Each try has a second of its own. One time-out around them all, like one `asyncio.timeout` around \
                 the loop, leaves the second try nothing; none at all waits for ever.",
                "每次尝试各有一秒。只在外面套一个超时，就像一个 `asyncio.timeout` 套住整个循环，\
                 第二次尝试就没有时间了；一个超时也没有，就会永远等下去。",
            ),
        );
    });
}

#[test]
fn three_tries() {
    run("three_tries", async {
        let (page, tries) = fetch(&[Busy, Silent, Silent, Page]).await;
        expect(
            ("the answer, and when each try began", "结果，以及每次尝试开始的时刻"),
            (page, tries),
            (Err(Fault::TimedOut), [0, 200, 1_600].map(millis).to_vec()),
            (
                "Three tries, and the fault of the last one is the answer.",
                "试三次，最后一次的故障就是结果。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            millis(2_600),
            (
                "After the last try there is nothing to wait for.",
                "最后一次之后，没有什么可等的了。",
            ),
        );
    });
}

#[test]
fn gone_is_gone() {
    run("gone_is_gone", async {
        let (page, tries) = fetch(&[Gone, Page]).await;
        expect(
            ("the answer, and when each try began", "结果，以及每次尝试开始的时刻"),
            (page, tries),
            (Err(Fault::Gone), vec![millis(0)]),
            (
                "A page that is not there will not be there in 200 ms either. Only try again what may pass.",
                "不存在的网页，过 200 毫秒也不会出现。可能过去的故障才值得再试。",
            ),
        );
    });
}
