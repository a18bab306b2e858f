// expect: three_at_most: wrong: observed (Some("answer 9"), 9)
// Nobody counts the tries.

pub async fn retry<F>(ask: F) -> Option<String>
where
    F: AsyncFn() -> Option<String>,
{
    loop {
        let answer = ask().await;
        if answer.is_some() {
            return answer;
        }
    }
}
