// expect: a_payment_that_fails: wrong: seats left: observed 3, expected 1
// The seats that the others took meanwhile come back as well.

use std::cell::Cell;

pub async fn buy(seats: &Cell<u32>, pay: impl AsyncFnOnce() -> bool) -> bool {
    let left = seats.get();
    if left == 0 {
        return false;
    }
    seats.set(left - 1);
    let paid = pay().await;
    if !paid {
        seats.set(left);
    }
    paid
}
