// expect: gone_is_gone: wrong: observed (Ok("page.html")
// A fault is a fault to it.

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
    let mut tries = 1;
    loop {
        let end = timeout(Duration::from_secs(1), fetch(url)).await;
        match end.unwrap_or(Err(Fault::TimedOut)) {
            Err(_) if tries < 3 => {}
            end => return end,
        }
        sleep(pause).await;
        pause *= 2;
        tries += 1;
    }
}
