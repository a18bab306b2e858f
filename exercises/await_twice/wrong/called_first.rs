// expect: the_copy_first: wrong: observed ["deleting", "deleted", "copying", "copied"]
// The call of `copy` alone does not begin it.

pub async fn move_letter<C, D>(letter: &str, copy: C, delete: D) -> Result<(), String>
where
    C: AsyncFn(&str) -> Result<(), String>,
    D: AsyncFn(&str) -> Result<(), String>,
{
    let copying = copy(letter);
    delete(letter).await?;
    copying.await
}
