// expect: -: does_not_compile: [E0277]
// belief: a_line_can_be_awaited_in_its_list

use futures::future::BoxFuture;
use tokio::sync::Notify;

/// A line that nobody has begun to sing.
pub type Line = BoxFuture<'static, ()>;

/// Sings `lines`, one at each turn. The turn comes through `mine`; `yours`
/// hands it to the other singer.
pub async fn sing(lines: Vec<Line>, mine: &Notify, yours: &Notify) {
    for line in &lines {
        mine.notified().await;
        line.await;
        yours.notify_one();
    }
}
