// expect: no_copy_no_delete: wrong: observed (Ok(()), 1)
// Waiting for an end is not asking how it ended.

pub async fn move_letter<C, D>(letter: &str, copy: C, delete: D) -> Result<(), String>
where
    C: AsyncFn(&str) -> Result<(), String>,
    D: AsyncFn(&str) -> Result<(), String>,
{
    let _ = copy(letter).await;
    delete(letter).await
}
