// expect: every_page_counts: wrong: observed 1, expected 3
// It yields by returning.

use tokio::task::yield_now;

pub async fn search(pages: &[&str], matches: impl Fn(&str) -> bool) -> usize {
    let mut found = 0;
    for page in pages {
        if matches(page) {
            found += 1;
        }
        if found > 0 {
            break;
        }
        yield_now().await;
    }
    found
}
