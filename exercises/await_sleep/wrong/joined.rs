// expect: one_chunk_at_a_time: wrong: observed (3, 3), expected (3, 1)
// All chunks at once are not one after another.

use futures::future::join_all;
use tokio::task::yield_now;

pub async fn process_all<F>(chunks: &[u32], process: F)
where
    F: AsyncFn(u32),
{
    join_all(chunks.iter().map(|&chunk| process(chunk))).await;
    yield_now().await;
}
