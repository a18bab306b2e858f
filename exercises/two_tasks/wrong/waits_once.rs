// expect: a_line_each: wrong: observed ["a1", "a2", "a3"
// The first turn is waited for, the others are taken.

use futures::future::BoxFuture;
use tokio::sync::Notify;

pub type Line = BoxFuture<'static, ()>;

pub async fn sing(lines: Vec<Line>, mine: &Notify, yours: &Notify) {
    mine.notified().await;
    for line in lines {
        line.await;
        yours.notify_one();
    }
}
