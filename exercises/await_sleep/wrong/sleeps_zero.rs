// expect: others_get_their_turn: wrong: `sleep(Duration::ZERO)` will not do
// asyncio.sleep(0), word for word.

use std::time::Duration;

use tokio::time::sleep;

pub async fn process_all<F>(chunks: &[u32], process: F)
where
    F: AsyncFn(u32),
{
    for &chunk in chunks {
        process(chunk).await;
        sleep(Duration::ZERO).await;
    }
}
