// expect: in_turns: wrong: The event loop interrupts nobody
// An await does not yield unless it has to wait.

pub async fn search(pages: &[&str], matches: impl Fn(&str) -> bool) -> usize {
    let mut found = 0;
    for page in pages {
        if matches(page) {
            found += 1;
        }
        async {}.await;
    }
    found
}
