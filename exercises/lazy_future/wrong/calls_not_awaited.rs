// expect: until_it_answers: wrong: a call that nobody awaits is no try
// As if the first two calls had tried.

pub async fn retry<F>(ask: F) -> Option<String>
where
    F: AsyncFn() -> Option<String>,
{
    drop(ask());
    drop(ask());
    ask().await
}
