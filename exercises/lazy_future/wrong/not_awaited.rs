// expect: -: does_not_compile: [E0599]
// belief: a_call_has_an_answer

/// Asks until there is an answer, three times at most.
pub async fn retry<F>(ask: F) -> Option<String>
where
    F: AsyncFn() -> Option<String>,
{
    for _ in 0..3 {
        let answer = ask();
        if answer.is_some() {
            return answer;
        }
    }
    None
}
