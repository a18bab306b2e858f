// expect: a_comment_is_no_heading: wrong: observed Some("build it")
// Every line that begins with # is a heading.

use futures::future::join_all;

pub async fn titles<F>(pages: &[&str], read: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    join_all(pages.iter().map(async |page| title(&read(page).await))).await
}

fn title(page: &str) -> Option<String> {
    let text = page.lines().find_map(|line| line.strip_prefix("# "))?;
    Some(text.split(" {#").next()?.to_owned())
}
