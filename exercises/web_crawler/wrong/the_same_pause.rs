// expect: pauses_that_grow: wrong: [0ns, 200ms, 400ms]
// Every pause is as long as the first.

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
    let mut tries = 1;
    loop {
        let end = timeout(Duration::from_secs(1), fetch(url)).await;
        match end.unwrap_or(Err(Fault::TimedOut)) {
            Err(Fault::Busy | Fault::TimedOut) if tries < 3 => {}
            end => return end,
        }
        sleep(Duration::from_millis(200)).await;
        tries += 1;
    }
}
