// expect: no_copy_no_delete: wrong: observed (Err("the disk is full"), 1)
// It looks at the error when the letter is gone.

pub async fn move_letter<C, D>(letter: &str, copy: C, delete: D) -> Result<(), String>
where
    C: AsyncFn(&str) -> Result<(), String>,
    D: AsyncFn(&str) -> Result<(), String>,
{
    let copied = copy(letter).await;
    let deleted = delete(letter).await;
    copied.and(deleted)
}
