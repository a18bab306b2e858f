// expect: no_time_is_lost: wrong: observed 1s, expected 0ns
// The others get their turn, at the price of a wait.

use std::time::Duration;

use tokio::time::sleep;

pub async fn process_all<F>(chunks: &[u32], process: F)
where
    F: AsyncFn(u32),
{
    for &chunk in chunks {
        process(chunk).await;
        sleep(Duration::from_millis(1)).await;
    }
}
