// expect: -: does_not_compile: [E0382]
// belief: the_same_call_again

/// Asks until there is an answer, three times at most.
pub async fn retry<F>(ask: F) -> Option<String>
where
    F: AsyncFn() -> Option<String>,
{
    let attempt = ask();
    for _ in 0..3 {
        let answer = attempt.await;
        if answer.is_some() {
            return answer;
        }
    }
    None
}
