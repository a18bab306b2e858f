// expect: a_comment_is_no_heading: wrong: observed Some("one")
// Any three backticks begin or end a block.

use futures::future::join_all;

pub async fn titles<F>(pages: &[&str], read: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    join_all(pages.iter().map(async |page| title(&read(page).await))).await
}

fn title(page: &str) -> Option<String> {
    let mut code = false;
    for line in page.lines() {
        if line.starts_with("```") {
            code = !code;
        } else if let (false, Some(text)) = (code, line.strip_prefix("# ")) {
            return Some(text.split(" {#").next()?.to_owned());
        }
    }
    None
}
