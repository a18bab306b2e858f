// expect: others_get_their_turn: wrong: "processed 3", "process_all returns", "the other task sees 3"]
// A turn before each chunk: after the last one nobody gets any.

use tokio::task::yield_now;

pub async fn process_all<F>(chunks: &[u32], process: F)
where
    F: AsyncFn(u32),
{
    for &chunk in chunks {
        yield_now().await;
        process(chunk).await;
    }
}
