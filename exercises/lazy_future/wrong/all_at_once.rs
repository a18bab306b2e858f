// expect: no_try_too_many: wrong: observed (Some("answer 1"), 3), expected (Some("answer 1"), 1)
// join! begins all three, needed or not.

pub async fn retry<F>(ask: F) -> Option<String>
where
    F: AsyncFn() -> Option<String>,
{
    let (a, b, c) = futures::join!(ask(), ask(), ask());
    a.or(b).or(c)
}
