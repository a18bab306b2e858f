// expect: -: does_not_compile: [E0728]
// belief: poll_may_await

use std::{
    pin::Pin,
    task::{Context, Poll},
};

/// Says `1`, waits for a future, and says `2`: written without `async`.
pub struct Func1<W, S> {
    pub started: bool,
    pub wait: W,
    pub say: S,
}

impl<W, S> Func1<W, S> {
    pub fn new(wait: W, say: S) -> Self {
        Self { started: false, wait, say }
    }
}

impl<W, S> Future for Func1<W, S>
where
    W: Future<Output = ()> + Unpin,
    S: Fn(&str) + Unpin,
{
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        if !self.started {
            (self.say)("1");
            self.started = true;
        }
        self.wait.await;
        (self.say)("2");
        Poll::Ready(())
    }
}
