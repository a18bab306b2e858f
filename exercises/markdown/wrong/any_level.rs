// expect: the_first_heading: wrong: observed Some("Not yet")
// Takes a heading of any level.

use futures::future::join_all;

pub async fn titles<F>(pages: &[&str], read: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    join_all(pages.iter().map(async |page| title(&read(page).await))).await
}

fn title(page: &str) -> Option<String> {
    let mut fence = 0;
    for line in page.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if fence == 0 && ticks >= 3 {
            fence = ticks;
        } else if fence > 0 && ticks >= fence {
            fence = 0;
        } else if fence == 0 && line.starts_with('#') {
            let text = line.trim_start_matches('#').trim();
            return Some(text.split(" {#").next()?.to_owned());
        }
    }
    None
}
