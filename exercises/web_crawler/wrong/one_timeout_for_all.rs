// expect: a_second_for_each_try: wrong: Err(TimedOut)
// A second for all the tries together.

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
    let tries = async {
        let mut pause = Duration::from_millis(200);
        for _ in 0..2 {
            match fetch(url).await {
                Err(Fault::Busy) => sleep(pause).await,
                end => return end,
            }
            pause *= 2;
        }
        fetch(url).await
    };
    timeout(Duration::from_secs(1), tries).await.unwrap_or(Err(Fault::TimedOut))
}
