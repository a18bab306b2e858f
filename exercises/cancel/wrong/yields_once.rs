// expect: one_session_at_a_time: wrong: sessions open at the same time: observed 2, expected 1
// `sleep(0)` in Rust: it lets others run, and does not say who has.

use tokio::task::{JoinHandle, yield_now};

pub async fn restart(
    old: JoinHandle<()>,
    start: impl FnOnce() -> JoinHandle<()>,
) -> JoinHandle<()> {
    old.abort();
    yield_now().await;
    start()
}
