// expect: others_get_their_turn: wrong: observed ["processed 1", "processed 2"
// One turn for the others, before there is anything for them to do.

use tokio::task::yield_now;

pub async fn process_all<F>(chunks: &[u32], process: F)
where
    F: AsyncFn(u32),
{
    yield_now().await;
    for &chunk in chunks {
        process(chunk).await;
    }
}
