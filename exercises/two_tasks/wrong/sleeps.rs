// expect: no_time_is_lost: wrong: milliseconds taken by 100 pages: observed 100, expected 0
// The shortest sleep lasts a millisecond.

use std::time::Duration;

use tokio::time::sleep;

pub async fn search(pages: &[&str], matches: impl Fn(&str) -> bool) -> usize {
    let mut found = 0;
    for page in pages {
        if matches(page) {
            found += 1;
        }
        sleep(Duration::from_millis(1)).await;
    }
    found
}
