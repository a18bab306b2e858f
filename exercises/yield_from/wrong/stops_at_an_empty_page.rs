// expect: every_row_once: wrong: observed ["1a", "1b"]
// An empty page is taken for the end.

pub fn rows<I>(pages: u32, fetch: impl Fn(u32) -> I) -> impl Iterator<Item = String>
where
    I: IntoIterator<Item = String>,
{
    (1..=pages)
        .map(fetch)
        .map(|page| page.into_iter().collect::<Vec<_>>())
        .take_while(|page| !page.is_empty())
        .flatten()
}
