// expect: says_1_waits_says_2: wrong: when `1` was said: observed Some(2s), expected Some(0ns)
// It waits before it has said anything.

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

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if Pin::new(&mut self.wait).poll(cx).is_pending() {
            return Poll::Pending;
        }
        (self.say)("1");
        (self.say)("2");
        Poll::Ready(())
    }
}
