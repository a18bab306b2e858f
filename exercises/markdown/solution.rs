// 补全 titles：同时读所有页面，取出每页的一级标题；代码块里的 # 不算。
// Fill in titles: read all pages at once, find each title; a # in a code block is none.

use futures::future::join_all;

/// Reads every page. The answer holds the title of each, in the order of the
/// pages: the text of its first heading of level 1, without a `{#id}` at its end.
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
        } else if let (0, Some(text)) = (fence, line.strip_prefix("# ")) {
            let text = text.split_once(" {#").map_or(text, |(text, _)| text);
            return Some(text.to_owned());
        }
    }
    None
}
