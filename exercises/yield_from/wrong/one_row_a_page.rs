// expect: every_row_once: wrong: observed ["1a", "3a"]
// `filter_map` takes one row of each page.

pub fn rows<I>(pages: u32, fetch: impl Fn(u32) -> I) -> impl Iterator<Item = String>
where
    I: IntoIterator<Item = String>,
{
    (1..=pages).filter_map(move |page| fetch(page).into_iter().next())
}
