// 改好 buy：一个座位只卖一次，几个人可以同时付款。
// Mend buy: no seat is sold twice, and several people may pay at the same time.

use std::cell::Cell;

/// Sells one of the `seats` that are left. `pay` takes its time and answers
/// whether the money came. Answers whether the seat is sold.
///
/// A seat is taken while it is being paid for; nobody pays without a seat.
pub async fn buy(seats: &Cell<u32>, pay: impl AsyncFnOnce() -> bool) -> bool {
    let left = seats.get();
    if left == 0 {
        return false;
    }
    let paid = pay().await;
    if paid {
        seats.set(left - 1);
    }
    paid
}
