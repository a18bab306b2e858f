// expect: the_call_fetches_nothing: wrong: observed ["page 1", "page 2", "page 3"], expected []
// The rows are lazy, but `collect` has fetched every page.

pub fn rows<I>(pages: u32, fetch: impl Fn(u32) -> I) -> impl Iterator<Item = String>
where
    I: IntoIterator<Item = String>,
{
    let pages: Vec<I> = (1..=pages).map(fetch).collect();
    pages.into_iter().flatten()
}
