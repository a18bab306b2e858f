// expect: others_get_their_turn: wrong: An `.await` alone gives nobody a turn
// An await that has nothing to wait for.

pub async fn process_all<F>(chunks: &[u32], process: F)
where
    F: AsyncFn(u32),
{
    for &chunk in chunks {
        process(chunk).await;
        async {}.await;
    }
}
