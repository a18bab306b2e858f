// expect: -: does_not_compile: [E0308]
// belief: a_call_has_the_text

/// Reads every page. The answer holds the title of each, in the order of the
/// pages: the text of its first heading of level 1, without a `{#id}` at its end.
pub async fn titles<F>(pages: &[&str], read: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    pages.iter().map(|page| title(&read(page))).collect()
}

fn title(page: &str) -> Option<String> {
    let text = page.lines().find_map(|line| line.strip_prefix("# "))?;
    Some(text.to_owned())
}
