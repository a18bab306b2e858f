// expect: -: does_not_compile: [E0308]
// belief: a_task_answers_with_its_value

use futures::future::BoxFuture;

/// A job that nobody has begun. Its value is a text.
pub type Job = BoxFuture<'static, String>;

/// Takes a job, runs it, saves its text, and answers as saving does: with the
/// number under which the text is kept, or with the error.
pub async fn run_job<T, S>(take: T, save: S) -> Result<u32, String>
where
    T: AsyncFn() -> Job,
    S: AsyncFn(&str) -> Result<u32, String>,
{
    let text = tokio::spawn(take().await).await;
    save(&text).await
}
