// expect: a_line_each: wrong: observed ["a1", "a2", "a3"
// It hands the turn to itself.

use futures::future::BoxFuture;
use tokio::sync::Notify;

pub type Line = BoxFuture<'static, ()>;

pub async fn sing(lines: Vec<Line>, mine: &Notify, yours: &Notify) {
    for line in lines {
        mine.notified().await;
        line.await;
        mine.notify_one();
    }
    yours.notify_one();
}
