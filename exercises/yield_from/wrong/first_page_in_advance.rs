// expect: the_call_fetches_nothing: wrong: observed ["page 1"], expected []
// The arguments of `chain` are evaluated at the call.

pub fn rows<I>(pages: u32, fetch: impl Fn(u32) -> I) -> impl Iterator<Item = String>
where
    I: IntoIterator<Item = String>,
{
    let first = (pages > 0).then(|| fetch(1));
    first.into_iter().flatten().chain((2..=pages).flat_map(fetch))
}
