// expect: the_call_begins_nothing: wrong: observed 2s, expected 3s
// The deadline of a tokio sleep is worked out when it is made.

use std::time::Duration;

pub fn sleep<T>(delay: f64, result: T) -> impl Future<Output = T> {
    let timer = tokio::time::sleep(Duration::from_secs_f64(delay.max(0.0)));
    async move {
        if delay > 0.0 {
            timer.await;
        } else {
            tokio::task::yield_now().await;
        }
        result
    }
}
