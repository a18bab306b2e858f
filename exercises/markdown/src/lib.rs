// 补全 titles：同时读所有页面，取出每页的一级标题；代码块里的 # 不算。
// Fill in titles: read all pages at once, find each title; a # in a code block is none.

/// Reads every page. The answer holds the title of each, in the order of the
/// pages: the text of its first heading of level 1, without a `{#id}` at its end.
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
    let text = page.lines().find_map(|line| line.strip_prefix("# "))?;
    Some(text.to_owned())
}
