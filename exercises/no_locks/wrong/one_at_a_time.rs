// expect: all_pay_at_the_same_time: wrong: observed 3s, expected 1s
// A lock across the payment: right, and three times as slow.

use std::cell::Cell;

use tokio::sync::Mutex;

static OFFICE: Mutex<()> = Mutex::const_new(());

pub async fn buy(seats: &Cell<u32>, pay: impl AsyncFnOnce() -> bool) -> bool {
    let _guard = OFFICE.lock().await;
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
