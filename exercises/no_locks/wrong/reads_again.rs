// expect: no_seat_twice: panic: subtract with overflow
// belief: what_was_seen_still_holds
// It looks before the await and takes behind it.

use std::cell::Cell;

pub async fn buy(seats: &Cell<u32>, pay: impl AsyncFnOnce() -> bool) -> bool {
    if seats.get() == 0 {
        return false;
    }
    let paid = pay().await;
    if paid {
        seats.set(seats.get() - 1);
    }
    paid
}
