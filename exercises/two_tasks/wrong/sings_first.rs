// expect: the_second_may_begin: wrong: observed ["a1", "b1"
// It sings before it is its turn.

use futures::future::BoxFuture;
use tokio::sync::Notify;

pub type Line = BoxFuture<'static, ()>;

pub async fn sing(lines: Vec<Line>, mine: &Notify, yours: &Notify) {
    for line in lines {
        line.await;
        yours.notify_one();
        mine.notified().await;
    }
}
