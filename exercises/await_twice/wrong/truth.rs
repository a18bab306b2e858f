// expect: -: does_not_compile: [E0308]
// belief: a_result_is_true_or_false

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
    if copy(letter).await {
        return delete(letter).await;
    }
    Err("not copied".to_owned())
}
