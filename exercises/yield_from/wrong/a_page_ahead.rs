// expect: a_page_when_its_turn_comes: wrong: "page 2"
// It looks at the next page before it gives out this one.

pub fn rows<I>(pages: u32, fetch: impl Fn(u32) -> I) -> impl Iterator<Item = String>
where
    I: IntoIterator<Item = String>,
{
    let mut pages = (1..=pages).map(fetch).peekable();
    std::iter::from_fn(move || {
        let page = pages.next()?;
        pages.peek();
        Some(page)
    })
    .flatten()
}
