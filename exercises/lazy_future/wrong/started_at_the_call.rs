// expect: retry_is_lazy_too: wrong: observed 1, expected 0
// Polled before anyone awaits: code outside the async block runs at the call.

use futures::FutureExt;

pub fn retry<F>(ask: F) -> impl Future<Output = Option<String>>
where
    F: AsyncFn() -> Option<String>,
{
    let _ = ask().now_or_never();
    async move {
        for _ in 0..3 {
            let answer = ask().await;
            if answer.is_some() {
                return answer;
            }
        }
        None
    }
}
