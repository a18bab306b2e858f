// expect: -: does_not_compile: [E0277]
// belief: a_call_has_a_result

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
    copy(letter)?;
    delete(letter).await
}
