// expect: -: does_not_compile: [E0368]
// belief: a_number_is_changed_by_its_name

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
    *seats -= 1;
    let paid = pay().await;
    if !paid {
        *seats += 1;
    }
    paid
}
