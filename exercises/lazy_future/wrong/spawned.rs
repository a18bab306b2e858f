// expect: -: does_not_compile: [E0277]
// belief: a_task_may_borrow

/// Asks until there is an answer, three times at most.
pub async fn retry<F>(ask: F) -> Option<String>
where
    F: AsyncFn() -> Option<String>,
{
    for _ in 0..3 {
        let answer = tokio::spawn(ask()).await.unwrap();
        if answer.is_some() {
            return answer;
        }
    }
    None
}
