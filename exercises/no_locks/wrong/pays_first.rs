// expect: no_seat_twice: wrong: payments begun: observed 3, expected 2
// Nothing is sold twice, but the third buyer has paid.

use std::cell::Cell;

pub async fn buy(seats: &Cell<u32>, pay: impl AsyncFnOnce() -> bool) -> bool {
    if seats.get() == 0 || !pay().await {
        return false;
    }
    let left = seats.get();
    seats.set(left.saturating_sub(1));
    left > 0
}
