// expect: nobody_is_woken_early: wrong: wakes before set: observed 1, expected 0
// A busy loop instead of a wait.

use std::{
    future::poll_fn,
    sync::atomic::{AtomicBool, Ordering::SeqCst},
    task::Poll,
};

#[derive(Default)]
pub struct Event {
    happened: AtomicBool,
}

impl Event {
    pub fn set(&self) {
        self.happened.store(true, SeqCst);
    }

    pub async fn wait(&self) {
        poll_fn(|cx| {
            if self.happened.load(SeqCst) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await
    }
}
