// expect: -: does_not_compile: [E0308]
// belief: the_end_of_the_body_is_the_end

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
        if !self.started {
            (self.say)("1");
            self.started = true;
        }
        if Pin::new(&mut self.wait).poll(cx).is_pending() {
            return Poll::Pending;
        }
        (self.say)("2");
    }
}
