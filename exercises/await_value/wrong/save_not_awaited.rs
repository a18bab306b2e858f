// expect: the_text_is_saved: wrong: observed ["taken", "run"], expected
// The save is called, and dropped before anyone polls it.

use futures::future::BoxFuture;

pub type Job = BoxFuture<'static, String>;

pub async fn run_job<T, S>(take: T, save: S) -> Result<u32, String>
where
    T: AsyncFn() -> Job,
    S: AsyncFn(&str) -> Result<u32, String>,
{
    let text = take().await.await;
    let _answer = save(&text);
    Ok(7)
}
