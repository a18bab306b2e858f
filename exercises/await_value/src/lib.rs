// 补全 run_job：取一个任务，运行它，保存它的结果，返回保存得到的回答。
// Fill in run_job: take a job, run it, save its result, return what saving answers.

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
    let _job = take().await;
    let _answer = save("");
    Ok(0)
}
