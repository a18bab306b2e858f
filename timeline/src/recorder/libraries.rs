//! Waits in libraries that talk to other programs: an HTTP client, a database.
//!
//! Behind one await of the program such a library waits by turns for a socket,
//! a timer, a task of its own, and is polled in between. The program waits for
//! one thing, the other program: one wait, I/O, from the first `Pending` to the
//! poll in which the program goes on. Branches of one task that await at the
//! same lines cannot be told apart, and are one wait too.

use super::{Open, Recorder};
use crate::{model::*, stack::Stack};

/// A wait whose task was woken, in the poll that will show whether it is over.
pub(super) struct InDoubt {
    wait: WaitId,
    open: Open,
}

impl Recorder {
    /// The task waits in a library, again or for the first time.
    pub(super) fn wait_in_library(&mut self, id: TaskId, stack: &Stack) {
        let place = stack.place();
        let open = self.waits_of(id, |open| open.library && open.place == place);
        let again = open.first().copied().or_else(|| {
            let in_doubt = &self.live[id].in_doubt;
            let at = in_doubt
                .iter()
                .position(|doubt| doubt.open.place == place && !self.went_on(id, doubt.wait))?;
            let doubt = self.live[id].in_doubt.remove(at);
            Some(self.go_on_waiting(doubt))
        });
        match again {
            Some(wait) => self.live[id].touched.push(wait),
            None => {
                self.wait(id, On::Io, None, None, stack);
            }
        }
    }

    /// Ends the waits in libraries of a task that is polled after a wake, until
    /// the poll shows otherwise.
    pub(super) fn doubt_library_waits(&mut self, id: TaskId) {
        self.live[id].in_doubt.clear();
        // A library that a timer alone wakes has waited long enough, as has a
        // `timeout` around it.
        let timer_alone = self.live[id].timer_alone;
        let end = if timer_alone { WaitEnd::Dropped } else { WaitEnd::Ready };
        for wait in self.waits_of(id, |open| open.library && open.woken) {
            let Some(open) = self.open.get(&wait) else { continue };
            let open = Open { place: open.place.clone(), woken: false, ..*open };
            self.waited(wait, end);
            self.live[id].in_doubt.push(InDoubt { wait, open });
        }
    }

    /// At the end of that poll: what did not go on waits on. (A future keeps the
    /// waker that it has, so the recorder may have heard nothing of it.)
    pub(super) fn settle_library_waits(&mut self, id: TaskId) {
        for doubt in std::mem::take(&mut self.live[id].in_doubt) {
            if !self.went_on(id, doubt.wait) {
                self.go_on_waiting(doubt);
            }
        }
    }

    /// Whether the branch of this wait printed a line, or waited for something
    /// else, since the wait ended.
    fn went_on(&self, id: TaskId, wait: WaitId) -> bool {
        let branch = self.trace.waits[wait].branch;
        let since = self.trace.events.iter().rposition(|event| event.what == What::Waited { wait });
        since.is_some_and(|since| {
            self.trace.events[since..].iter().any(|event| match event.what {
                _ if event.task != Some(id) => false,
                What::Print { branch: printing, .. } => printing == branch,
                What::Wait { wait } => self.trace.waits[wait].branch == branch,
                _ => false,
            })
        })
    }

    fn go_on_waiting(&mut self, doubt: InDoubt) -> WaitId {
        let InDoubt { wait, open } = doubt;
        let ended = self.trace.events.iter().rposition(|event| event.what == What::Waited { wait });
        if let Some(ended) = ended {
            self.forget(ended);
        }
        self.trace.waits[wait].end = WaitEnd::Open;
        self.open.insert(wait, open);
        wait
    }
}
