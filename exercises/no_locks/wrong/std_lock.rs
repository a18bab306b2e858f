// expect: no_seat_twice: blocked: has stood still
// belief: a_lock_makes_others_wait_their_turn
// The guard of a std lock across an await: the next one stops the thread.

use std::{cell::Cell, sync::Mutex};

static OFFICE: Mutex<()> = Mutex::new(());

pub async fn buy(seats: &Cell<u32>, pay: impl AsyncFnOnce() -> bool) -> bool {
    let _guard = OFFICE.lock().unwrap();
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
