// expect: in_turns: wrong: observed [{"a1", "a2"}, {"a3", "b1"}, {"b2", "b3"}]
// Only a page that matches gives way.

use tokio::task::yield_now;

pub async fn search(pages: &[&str], matches: impl Fn(&str) -> bool) -> usize {
    let mut found = 0;
    for page in pages {
        if matches(page) {
            found += 1;
            yield_now().await;
        }
    }
    found
}
