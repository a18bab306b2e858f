// expect: -: does_not_compile: [E0728]
// belief: poll_may_await

use std::{
    future::poll_fn,
    sync::Mutex,
    task::{Poll, Waker},
};

/// Something that tasks wait for until it happens, like `asyncio.Event`.
#[derive(Default)]
pub struct Event {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    happened: bool,
    waker: Option<Waker>,
}

impl Event {
    /// It happens: whoever waits goes on.
    pub fn set(&self) {
        let mut state = self.state.lock().unwrap();
        state.happened = true;
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }

    /// Waits until it has happened.
    pub async fn wait(&self) {
        poll_fn(|cx| {
            let mut state = self.state.lock().unwrap();
            if state.happened {
                return Poll::Ready(());
            }
            tokio::task::yield_now().await;
            Poll::Pending
        })
        .await
    }
}
