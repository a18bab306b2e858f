// expect: given_up: wrong: observed ["copying", "deleting"
// It gives up at the first error, and both have begun.

pub async fn move_letter<C, D>(letter: &str, copy: C, delete: D) -> Result<(), String>
where
    C: AsyncFn(&str) -> Result<(), String>,
    D: AsyncFn(&str) -> Result<(), String>,
{
    tokio::try_join!(biased; copy(letter), delete(letter))?;
    Ok(())
}
