// expect: in_turns: wrong: pages read, two at a time
// It is the operating system that is asked, and the task stays.

pub async fn search(pages: &[&str], matches: impl Fn(&str) -> bool) -> usize {
    let mut found = 0;
    for page in pages {
        if matches(page) {
            found += 1;
        }
        std::thread::yield_now();
    }
    found
}
