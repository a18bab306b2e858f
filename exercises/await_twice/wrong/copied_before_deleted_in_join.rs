// expect: the_copy_first: wrong: observed ["copying", "deleting"
// `biased` orders the polls; it does not wait.

pub async fn move_letter<C, D>(letter: &str, copy: C, delete: D) -> Result<(), String>
where
    C: AsyncFn(&str) -> Result<(), String>,
    D: AsyncFn(&str) -> Result<(), String>,
{
    let (copied, deleted) = tokio::join!(biased; copy(letter), delete(letter));
    copied.and(deleted)
}
