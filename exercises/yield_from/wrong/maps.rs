// expect: -: does_not_compile: [E0271]
// belief: map_strings_pages_together

/// The rows of the pages 1 to `pages`, one after another. In Python:
/// `for page in range(1, pages + 1): yield from fetch(page)`.
pub fn rows<I>(pages: u32, fetch: impl Fn(u32) -> I) -> impl Iterator<Item = String>
where
    I: IntoIterator<Item = String>,
{
    (1..=pages).map(fetch)
}
