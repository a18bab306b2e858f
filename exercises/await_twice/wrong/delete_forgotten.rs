// expect: a_failed_delete: wrong: observed Ok(())
// The letter is in two places, and nobody is told.

pub async fn move_letter<C, D>(letter: &str, copy: C, delete: D) -> Result<(), String>
where
    C: AsyncFn(&str) -> Result<(), String>,
    D: AsyncFn(&str) -> Result<(), String>,
{
    copy(letter).await?;
    let _ = delete(letter).await;
    Ok(())
}
