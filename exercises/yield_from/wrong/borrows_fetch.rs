// expect: -: does_not_compile: [E0373]
// belief: the_function_is_still_there

/// The rows of the pages 1 to `pages`, one after another. In Python:
/// `for page in range(1, pages + 1): yield from fetch(page)`.
pub fn rows<I>(pages: u32, fetch: impl Fn(u32) -> I) -> impl Iterator<Item = String>
where
    I: IntoIterator<Item = String>,
{
    (1..=pages).flat_map(|page| fetch(page))
}
