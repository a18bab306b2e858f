// expect: a_line_each: deadlock: nothing will wake
// The turn stays with the first line; everybody waits.

use futures::future::BoxFuture;
use tokio::sync::Notify;

pub type Line = BoxFuture<'static, ()>;

pub async fn sing(lines: Vec<Line>, mine: &Notify, yours: &Notify) {
    for line in lines {
        mine.notified().await;
        line.await;
    }
    yours.notify_one();
}
