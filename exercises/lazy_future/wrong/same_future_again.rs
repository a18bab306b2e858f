// expect: until_it_answers: wrong: The same future was polled again
// One call is one try.

use std::pin::pin;

pub async fn retry<F>(ask: F) -> Option<String>
where
    F: AsyncFn() -> Option<String>,
{
    let mut try_once = pin!(ask());
    while let None = try_once.as_mut().await {}
    None
}
