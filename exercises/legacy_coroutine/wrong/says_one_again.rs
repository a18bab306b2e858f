// expect: asked_too_early: wrong: observed ["1", "1", "1"], expected ["1"]
// belief: said
// Every poll starts from the top.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
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
        (self.say)("1");
        ready!(Pin::new(&mut self.wait).poll(cx));
        (self.say)("2");
        Poll::Ready(())
    }
}
