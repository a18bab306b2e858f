// expect: all_pages_at_once: wrong: pages being read at the same time: observed 1, expected 3
// Finds every title, and reads one page after another.

pub async fn titles<F>(pages: &[&str], read: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    let mut titles = Vec::new();
    for page in pages {
        titles.push(title(&read(page).await));
    }
    titles
}

fn title(page: &str) -> Option<String> {
    let mut fence = 0;
    for line in page.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if fence == 0 && ticks >= 3 {
            fence = ticks;
        } else if fence > 0 && ticks >= fence {
            fence = 0;
        } else if let (0, Some(text)) = (fence, line.strip_prefix("# ")) {
            return Some(text.split(" {#").next()?.to_owned());
        }
    }
    None
}
