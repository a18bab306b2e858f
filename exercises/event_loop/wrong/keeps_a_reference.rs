// expect: -: does_not_compile: [E0308]
// belief: the_context_can_be_kept

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
    wakers: Vec<Waker>,
}

impl Event {
    /// It happens: whoever waits goes on.
    pub fn set(&self) {
        let mut state = self.state.lock().unwrap();
        state.happened = true;
        for waker in state.wakers.drain(..) {
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
            state.wakers.push(cx.waker());
            Poll::Pending
        })
        .await
    }
}
