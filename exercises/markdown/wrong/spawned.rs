// expect: -: does_not_compile: [E0277]
// belief: a_task_may_borrow

/// Reads every page. The answer holds the title of each, in the order of the
/// pages: the text of its first heading of level 1, without a `{#id}` at its end.
pub async fn titles<F>(pages: &[&str], read: F) -> Vec<Option<String>>
where
    F: AsyncFn(&str) -> String,
{
    let reads: Vec<_> = pages.iter().map(|page| tokio::spawn(read(page))).collect();
    let mut titles = Vec::new();
    for read in reads {
        titles.push(title(&read.await.unwrap()));
    }
    titles
}

fn title(page: &str) -> Option<String> {
    let text = page.lines().find_map(|line| line.strip_prefix("# "))?;
    Some(text.to_owned())
}
