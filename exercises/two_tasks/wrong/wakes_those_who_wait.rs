// expect: a_line_each: deadlock: nothing will wake
// belief: notifying_reaches_whoever_comes
// `notify_waiters` wakes who waits now, and nobody does yet.

use futures::future::BoxFuture;
use tokio::sync::Notify;

pub type Line = BoxFuture<'static, ()>;

pub async fn sing(lines: Vec<Line>, mine: &Notify, yours: &Notify) {
    for line in lines {
        mine.notified().await;
        line.await;
        yours.notify_waiters();
    }
}
