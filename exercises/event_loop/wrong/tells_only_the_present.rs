// expect: set_comes_first: wrong: observed Pending
// Like notify_waiters: who comes later has missed it.

use tokio::sync::Notify;

#[derive(Default)]
pub struct Event {
    notify: Notify,
}

impl Event {
    pub fn set(&self) {
        self.notify.notify_waiters();
    }

    pub async fn wait(&self) {
        self.notify.notified().await;
    }
}
