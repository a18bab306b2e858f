// 改好 fetch_patiently：每次最多等一秒，暂时的故障隔一会儿再试。
// Mend fetch_patiently: a second for each try, and a pause before the next.

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
    let mut tries = 1;
    loop {
        let end = timeout(Duration::from_secs(1), fetch(url)).await;
        match end.unwrap_or(Err(Fault::TimedOut)) {
            Err(Fault::Busy | Fault::TimedOut) if tries < 3 => {}
            end => return end,
        }
        sleep(pause).await;
        pause *= 2;
        tries += 1;
    }
}
