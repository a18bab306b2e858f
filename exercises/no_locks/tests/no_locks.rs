//! Grades `no_locks`.

use std::cell::Cell;

use futures::join;
use grading::{Gauge, elapsed, expect, run, secs};
use no_locks::buy;
use tokio::time::sleep;

/// A payment of so many seconds.
async fn pay(payments: &Gauge, seconds: u64, good: bool) -> bool {
    let _inside = payments.enter();
    sleep(secs(seconds)).await;
    good
}

#[test]
fn no_seat_twice() {
    run("no_seat_twice", async {
        let (seats, payments) = (Cell::new(2), Gauge::new());
        let one = || buy(&seats, async || pay(&payments, 1, true).await);
        let (a, b, c) = join!(one(), one(), one());
        expect(
            ("tickets sold for two seats", "两个座位卖出的票数"),
            [a, b, c].into_iter().filter(|sold| *sold).count(),
            2,
            (
                "There is one thread and no lock, and a seat was sold twice. The other buyers had their turn during `pay().await`; \
                 all of them had looked at the seats before. Between looking and taking there must be no await. \
                 (asyncio is no different.)",
                "只有一个线程，座位还是卖重了。在 `pay().await` 那里，轮到了别的买家，而大家都是在那之前看的座位。\
                 看座位和占座位之间，不能有 await。（asyncio 里也一样。）",
            ),
        );
        expect(
            ("payments begun", "开始付款的人数"),
            payments.entered(),
            2,
            (
                "Somebody paid and got no seat. Take the seat first, then ask for the money.",
                "有人付了钱，却没有座位。要先占座位，再收钱。",
            ),
        );
        expect(
            ("seats left", "剩下的座位数"),
            seats.get(),
            0,
            (
                "Two seats, two tickets. A number that was read before an await is old behind it: \
                 who writes it back wipes out what the others wrote.",
                "两个座位，两张票。await 之前读到的数，在 await 之后就旧了：把它写回去，会抹掉别人写的。",
            ),
        );
    });
}

#[test]
fn all_pay_at_the_same_time() {
    run("all_pay_at_the_same_time", async {
        let (seats, payments) = (Cell::new(3), Gauge::new());
        let one = || buy(&seats, async || pay(&payments, 1, true).await);
        join!(one(), one(), one());
        expect(
            ("time taken by three payments of one second", "三次一秒的付款，总用时"),
            elapsed(),
            secs(1),
            (
                "Whoever holds a lock while paying makes the others queue. \
                 With no await between looking and taking, no lock is needed.",
                "握着锁去付款，别人就得排队。看座位和占座位之间没有 await，就不需要锁。",
            ),
        );
        expect(
            ("seats left", "剩下的座位数"),
            seats.get(),
            0,
            ("Three seats, three tickets.", "三个座位，三张票。"),
        );
    });
}

#[test]
fn a_payment_that_fails() {
    run("a_payment_that_fails", async {
        let (seats, payments) = (Cell::new(3), Gauge::new());
        let sold = join!(
            buy(&seats, async || pay(&payments, 2, false).await),
            buy(&seats, async || pay(&payments, 1, true).await),
            buy(&seats, async || pay(&payments, 1, true).await),
        );
        expect(
            ("tickets sold; the first payment failed", "卖出的票；第一笔付款没有成功"),
            sold,
            (false, true, true),
            ("Who did not pay has no ticket.", "没付成钱的人，没有票。"),
        );
        expect(
            ("seats left", "剩下的座位数"),
            seats.get(),
            1,
            (
                "A seat that was not paid for is free again, and only that one: \
                 add one to what is there now, not to what was there before the await.",
                "没付成钱的座位要还回去，而且只还这一个：在现在的数目上加一，而不是在 await 之前的数目上。",
            ),
        );
    });
}
