// expect: a_second_for_each_try: deadlock: nothing will wake
// belief: a_request_gives_up_by_itself
// A server that says nothing is waited for until the end of days.

use std::time::Duration;
use tokio::time::sleep;

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
        match fetch(url).await {
            Err(Fault::Busy | Fault::TimedOut) if tries < 3 => {}
            end => return end,
        }
        sleep(pause).await;
        pause *= 2;
        tries += 1;
    }
}
