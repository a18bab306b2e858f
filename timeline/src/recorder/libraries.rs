//! Waits in libraries that talk to other programs: an HTTP client, a database;
//! and in `tokio::fs`, which hands its work to the blocking pool.
//!
//! Behind one await of the program such a library waits by turns for a socket,
//! a timer, a task of its own, and is polled in between. The program waits for
//! one thing, the other program: one wait, I/O, from the first `Pending` to the
//! poll in which the program goes on. Whether it goes on shows only in what it
//! does next, so within a poll these waits are in doubt.
//!
//! Branches of one task that await at the same lines cannot be told apart, and
//! are one wait too.

use super::{Open, Recorder};
use crate::{model::*, stack::Stack};

/// A wait in the poll that will show whether it lasts.
pub(super) struct InDoubt {
    wait: WaitId,
    /// What is known of it, if it is older than this poll and, until the poll
    /// shows otherwise, over.
    before: Option<Open>,
    /// True if its branch has done something else since.
    passed: bool,
}

impl Recorder {
    /// The task waits in a library, again or for the first time.
    pub(super) fn wait_in_library(&mut self, id: TaskId, stack: &Stack) {
        let place = stack.place();
        let known = self.live[id].in_doubt.iter().any(|doubt| {
            let open = doubt.before.as_ref().or_else(|| self.open.get(&doubt.wait));
            !doubt.passed && open.is_some_and(|open| open.place == place)
        });
        if known {
            return;
        }
        let wait = self.wait(id, On::Io, None, None, stack);
        self.live[id].in_doubt.push(InDoubt { wait, before: None, passed: false });
    }

    /// Ends the waits in libraries of a task that is polled after a wake, until
    /// the poll shows otherwise.
    pub(super) fn doubt_library_waits(&mut self, id: TaskId) {
        self.live[id].in_doubt.clear();
        // A library that a timer alone wakes has waited long enough, as has a
        // `timeout` around it.
        let end = if self.live[id].timer_alone { WaitEnd::Dropped } else { WaitEnd::Ready };
        for wait in self.waits_of(id, |open| open.library && open.woken) {
            let before = self.open.get(&wait).cloned();
            self.waited(wait, end);
            self.live[id].in_doubt.push(InDoubt { wait, before, passed: false });
        }
    }

    /// A branch of the task prints, or (in this line) begins to wait.
    pub(super) fn pass_library_waits(&mut self, id: TaskId, branch: usize, line: Option<u32>) {
        for doubt in &mut self.live[id].in_doubt {
            let wait = &self.trace.waits[doubt.wait];
            doubt.passed |= wait.branch == branch && (line.is_none() || wait.line != line);
        }
    }

    /// A wait begins in these functions, one await after another: what began to
    /// wait in another line of them during this poll did not wait after all.
    pub(super) fn forget_overtaken(&mut self, id: TaskId, functions: &[String], line: Option<u32>) {
        let live = &self.live[id];
        let overtaken: Vec<WaitId> = live
            .in_doubt
            .iter()
            .filter(|doubt| {
                let wait = &self.trace.waits[doubt.wait];
                let same = live.branches[wait.branch] == functions;
                doubt.before.is_none() && same && wait.line != line
            })
            .map(|doubt| doubt.wait)
            .collect();
        for wait in overtaken {
            self.forget_wait(id, wait);
        }
    }

    /// At the end of the poll: what did not go on waits on. (A future keeps the
    /// waker that it has, so the recorder may have heard nothing of it.)
    pub(super) fn settle_library_waits(&mut self, id: TaskId) {
        for InDoubt { wait, before, passed } in std::mem::take(&mut self.live[id].in_doubt) {
            match (before, passed) {
                (Some(open), false) => {
                    let what = What::Waited { wait };
                    if let Some(end) =
                        self.trace.events.iter().rposition(|event| event.what == what)
                    {
                        self.forget(end);
                    }
                    self.trace.waits[wait].end = WaitEnd::Open;
                    self.open.insert(wait, open);
                    self.live[id].touched.push(wait);
                }
                (None, true) => self.forget_wait(id, wait),
                _ => {}
            }
        }
    }

    fn forget_wait(&mut self, id: TaskId, wait: WaitId) {
        self.open.remove(&wait);
        self.live[id].in_doubt.retain(|doubt| doubt.wait != wait);
        let begin = self.trace.events.iter().rposition(|event| event.what == What::Wait { wait });
        if let Some(begin) = begin {
            self.forget(begin);
            self.removed.push(wait);
        }
    }
}
