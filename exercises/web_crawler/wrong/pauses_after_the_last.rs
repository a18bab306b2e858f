// expect: three_tries: wrong: time taken: observed 3.4s, expected 2.6s
// It sleeps before it looks whether there is another try.

use std::time::Duration;
use tokio::time::{sleep, timeout};

#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    Gone,
    Busy,
    TimedOut,
}

pub async fn fetch_patiently<F>(url: &str, fetch: F) -> Result<String, Fault>
where
    F: AsyncFn(&str) -> Result<String, Fault>,
{
    let mut pause = Duration::from_millis(200);
    let mut last = Err(Fault::TimedOut);
    for _ in 0..3 {
        let end = timeout(Duration::from_secs(1), fetch(url)).await;
        last = end.unwrap_or(Err(Fault::TimedOut));
        match last {
            Ok(_) | Err(Fault::Gone) => return last,
            Err(_) => sleep(pause).await,
        }
        pause *= 2;
    }
    last
}
