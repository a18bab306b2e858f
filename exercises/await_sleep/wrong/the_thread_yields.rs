// expect: others_get_their_turn: wrong: observed ["processed 1", "processed 2"
// The operating system gives way to other threads; the tasks share this one.

pub async fn process_all<F>(chunks: &[u32], process: F)
where
    F: AsyncFn(u32),
{
    for &chunk in chunks {
        process(chunk).await;
        std::thread::yield_now();
    }
}
