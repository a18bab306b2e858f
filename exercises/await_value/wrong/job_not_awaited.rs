// expect: the_text_is_saved: wrong: observed ["taken", "saved: "]
// The job was taken, which is not to say that it ran.

use futures::future::BoxFuture;

pub type Job = BoxFuture<'static, String>;

pub async fn run_job<T, S>(take: T, save: S) -> Result<u32, String>
where
    T: AsyncFn() -> Job,
    S: AsyncFn(&str) -> Result<u32, String>,
{
    let _job = take().await;
    save("").await
}
