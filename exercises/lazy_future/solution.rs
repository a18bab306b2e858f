// 改好 retry：最多试三次，有了回答就停；每一次都是新的尝试。
// Mend retry: three tries at most, until one answers; each try is a new one.

/// Asks until there is an answer, three times at most.
pub async fn retry<F>(ask: F) -> Option<String>
where
    F: AsyncFn() -> Option<String>,
{
    for _ in 0..3 {
        let answer = ask().await;
        if answer.is_some() {
            return answer;
        }
    }
    None
}
