// expect: an_error_comes_through: wrong: observed Ok(7), expected Err("disk full")
// The value is awaited, and thrown away with the error in it.

use futures::future::BoxFuture;

pub type Job = BoxFuture<'static, String>;

pub async fn run_job<T, S>(take: T, save: S) -> Result<u32, String>
where
    T: AsyncFn() -> Job,
    S: AsyncFn(&str) -> Result<u32, String>,
{
    let text = take().await.await;
    let _ = save(&text).await;
    Ok(7)
}
