// expect: -: does_not_compile: [E0308]
// belief: a_call_has_an_answer

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
    let paid = pay();
    if paid {
        seats.set(left - 1);
    }
    paid
}
