// 改好 rows：像生成器那样，要到哪一页，才取哪一页。
// Mend rows: like a generator, fetch a page when someone gets to it.

/// The rows of the pages 1 to `pages`, one after another. In Python:
/// `for page in range(1, pages + 1): yield from fetch(page)`.
pub fn rows<I>(pages: u32, fetch: impl Fn(u32) -> I) -> impl Iterator<Item = String>
where
    I: IntoIterator<Item = String>,
{
    (1..=pages).flat_map(fetch)
}
