// expect: -: does_not_compile: [E0308]
// belief: a_call_has_an_answer

/// Asks until there is an answer, three times at most.
pub async fn retry<F>(ask: F) -> Option<String>
where
    F: AsyncFn() -> Option<String>,
{
    for _ in 0..3 {
        if let Some(answer) = ask() {
            return Some(answer);
        }
    }
    None
}
