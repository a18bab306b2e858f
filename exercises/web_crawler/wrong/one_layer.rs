// expect: -: does_not_compile: [E0308]
// belief: one_except_for_both

use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Why there is no page.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// It is not there, and never will be.
    Gone,
    /// The server is busy. Later, it may not be.
    Busy,
    /// No answer within a second. Later, there may be one.
    TimedOut,
}

/// Fetches a page: three tries at most, a second for each, with a pause of
/// 200 ms before the second try and of 400 ms before the third. Only what may
/// pass is tried again; the fault of the last try is the answer.
pub async fn fetch_patiently<F>(url: &str, fetch: F) -> Result<String, Fault>
where
    F: AsyncFn(&str) -> Result<String, Fault>,
{
    let mut pause = Duration::from_millis(200);
    for _ in 0..2 {
        if let Ok(page) = timeout(Duration::from_secs(1), fetch(url)).await {
            return Ok(page);
        }
        sleep(pause).await;
        pause *= 2;
    }
    fetch(url).await
}
