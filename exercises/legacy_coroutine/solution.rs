// 改好 poll：先说 1，等 wait 结束，再说 2。现在它一直停着。
// Mend poll: say 1, wait for `wait`, say 2. As it stands, it hangs.

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
        if !self.started {
            (self.say)("1");
            self.started = true;
        }
        ready!(Pin::new(&mut self.wait).poll(cx));
        (self.say)("2");
        Poll::Ready(())
    }
}
