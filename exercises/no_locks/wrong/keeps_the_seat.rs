// expect: a_payment_that_fails: wrong: seats left: observed 0, expected 1
// A seat that nobody paid for stays taken.

use std::cell::Cell;

pub async fn buy(seats: &Cell<u32>, pay: impl AsyncFnOnce() -> bool) -> bool {
    let left = seats.get();
    if left == 0 {
        return false;
    }
    seats.set(left - 1);
    pay().await
}
