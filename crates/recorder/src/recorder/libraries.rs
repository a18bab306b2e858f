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

use super::{Open, Recorder, holds::awaited_call};
use crate::{model::*, stack::Stack};

/// A wait in the poll that will show whether it lasts.
pub(super) struct InDoubt {
    wait: WaitId,
    /// What is known of it, if it is older than this poll and, until the poll
    /// shows otherwise, over.
    before: Option<Open>,
    /// True if it registered again.
    seen: bool,
    /// True if its branch has done something else since.
    passed: bool,
}

impl Recorder {
    /// The task waits in a library, again or for the first time.
    pub(super) fn wait_in_library(&mut self, id: TaskId, stack: &Stack) {
        let place = stack.place();
        let known = self.live[id].in_doubt.iter_mut().find(|doubt| {
            let open = doubt.before.as_ref().or_else(|| self.open.get(&doubt.wait));
            !doubt.passed && open.is_some_and(|open| open.place == place)
        });
        if let Some(doubt) = known {
            doubt.seen = true;
            return;
        }
        let call = stack.line().and_then(|line| awaited_call(&self.source, line));
        let wait = self.wait(id, On::Io { call }, None, None, stack);
        self.live[id].in_doubt.push(InDoubt { wait, before: None, seen: true, passed: false });
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
            self.live[id].in_doubt.push(InDoubt { wait, before, seen: false, passed: false });
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

    /// At the end of the poll: what did not go on waits on. In a spawned task it
    /// need not have registered again, since futures keep a waker that will do.
    pub(super) fn settle_library_waits(&mut self, id: TaskId) {
        let keeps_wakers = self.trace.tasks[id].kind != TaskKind::Root;
        for doubt in std::mem::take(&mut self.live[id].in_doubt) {
            let InDoubt { wait, before, seen, passed } = doubt;
            let lasts = !passed && (seen || keeps_wakers);
            match (before, lasts) {
                (Some(open), true) => {
                    if let Some(end) = self.end_of(wait) {
                        self.forget(end);
                    }
                    self.trace.waits[wait].end = WaitEnd::Open;
                    self.open.insert(wait, Open { seen, ..open });
                    self.live[id].touched.push(wait);
                }
                // Nothing but a timer woke the task, and this is not what it woke.
                (Some(open), false) if !passed && open.seen && self.live[id].timer_alone => {
                    self.late.push(wait);
                }
                (None, false) => self.forget_wait(id, wait),
                _ => {}
            }
        }
    }

    /// A library may register, see that all is there, and so end its branch in
    /// silence. The next poll shows it; the end belongs to the one before.
    pub(super) fn settle_late_ends(&mut self) {
        for wait in std::mem::take(&mut self.late) {
            let Some(end) = self.end_of(wait) else { continue };
            let task = self.trace.events[end].task;
            let polls =
                self.trace.events[..end].iter().enumerate().rev().filter(|(_, event)| {
                    event.task == task && matches!(event.what, What::Poll { .. })
                });
            let Some((poll, at)) = polls.map(|(poll, event)| (poll, event.at)).nth(1) else {
                continue;
            };
            let mut event = self.trace.events.remove(end);
            event.at = at;
            self.trace.events.insert(poll + 1, event);
            (self.trace.waits[wait].to, self.trace.waits[wait].end) = (at, WaitEnd::Ready);
        }
    }

    fn end_of(&self, wait: WaitId) -> Option<usize> {
        self.trace.events.iter().rposition(|event| event.what == What::Waited { wait })
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
