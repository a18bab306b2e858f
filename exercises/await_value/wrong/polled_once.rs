// expect: the_text_is_saved: wrong: observed ["taken", "run"], expected
// One poll begins the save; nobody waits for its end.

use futures::FutureExt;
use futures::future::BoxFuture;

pub type Job = BoxFuture<'static, String>;

pub async fn run_job<T, S>(take: T, save: S) -> Result<u32, String>
where
    T: AsyncFn() -> Job,
    S: AsyncFn(&str) -> Result<u32, String>,
{
    let text = take().await.await;
    save(&text).now_or_never().unwrap_or(Ok(7))
}
