// expect: in_turns: wrong: pages read, two at a time
// One turn for the others, and then all pages at a stretch.

use tokio::task::yield_now;

pub async fn search(pages: &[&str], matches: impl Fn(&str) -> bool) -> usize {
    yield_now().await;
    let mut found = 0;
    for page in pages {
        if matches(page) {
            found += 1;
        }
    }
    found
}
