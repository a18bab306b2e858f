// expect: a_line_each: wrong: observed ["a1", "a2", "a3"
// belief: the_call_waits

use futures::future::BoxFuture;
use tokio::sync::Notify;

/// A line that nobody has begun to sing.
pub type Line = BoxFuture<'static, ()>;

/// Sings `lines`, one at each turn. The turn comes through `mine`; `yours`
/// hands it to the other singer.
pub async fn sing(lines: Vec<Line>, mine: &Notify, yours: &Notify) {
    for line in lines {
        mine.notified();
        line.await;
        yours.notify_one();
    }
}
