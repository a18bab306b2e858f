// expect: the_answer_of_saving: wrong: observed Ok(9), expected Ok(7)
// The length of the text is not what saving answered.

use futures::future::BoxFuture;

pub type Job = BoxFuture<'static, String>;

pub async fn run_job<T, S>(take: T, save: S) -> Result<u32, String>
where
    T: AsyncFn() -> Job,
    S: AsyncFn(&str) -> Result<u32, String>,
{
    let text = take().await.await;
    save(&text).await?;
    Ok(text.len() as u32)
}
