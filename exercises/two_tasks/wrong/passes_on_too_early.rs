// expect: slow_and_fast: wrong: singing at the same time: observed 2, expected 1
// The other begins while this line is being sung.

use futures::future::BoxFuture;
use tokio::sync::Notify;

pub type Line = BoxFuture<'static, ()>;

pub async fn sing(lines: Vec<Line>, mine: &Notify, yours: &Notify) {
    for line in lines {
        mine.notified().await;
        yours.notify_one();
        line.await;
    }
}
