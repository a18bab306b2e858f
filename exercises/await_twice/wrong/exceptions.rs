// expect: no_copy_no_delete: wrong: observed (Ok(()), 1)
// belief: an_error_leaves_by_itself

/// Moves a letter to the archive: `copy` puts a copy there, `delete` takes the
/// letter out of the inbox.
///
/// # Errors
///
/// The error of the step that failed. Without a copy, nothing is deleted.
pub async fn move_letter<C, D>(letter: &str, copy: C, delete: D) -> Result<(), String>
where
    C: AsyncFn(&str) -> Result<(), String>,
    D: AsyncFn(&str) -> Result<(), String>,
{
    copy(letter).await;
    delete(letter).await
}
