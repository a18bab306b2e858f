// 改好 process_all：每处理一块，就让别的任务运行一次，但不要白等。
// Mend process_all: after each chunk let the other tasks run, without waiting.

/// Processes the chunks one after another. After each of them, every other
/// task that can run gets its turn.
pub async fn process_all<F>(chunks: &[u32], process: F)
where
    F: AsyncFn(u32),
{
    for &chunk in chunks {
        process(chunk).await;
    }
}
