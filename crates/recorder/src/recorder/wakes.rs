//! Who woke whom, and who will.

use super::{CLOSED, JOINED, OPERATIONS, Recorder, holds, polled};
use crate::{model::*, stack::Stack};

impl Recorder {
    /// A task was woken.
    pub(crate) fn woken(&mut self, span: u64) {
        let Some(&id) = self.spans.get(&span) else {
            return;
        };
        let stack = self.stack();
        let ending = stack
            .symbols
            .iter()
            .any(|symbol| symbol.contains("task::harness") && symbol.is_called("complete"));
        let by = match (CLOSED.get(), polled()) {
            (Some(ended), _) if ending => By::End(ended),
            _ if ending => By::Other,
            _ if stack.has("tokio::runtime::scheduler::defer") => By::Task(id),
            (_, Some(task)) => By::Task(task),
            // The timers' driver stands around the one of the sockets.
            _ if stack.has("tokio::runtime::io") => By::Driver,
            _ if stack.has("tokio::runtime::time") => By::Timer,
            _ if !stack.frames.is_empty() => By::Program,
            _ => By::Other,
        };
        let again = std::mem::replace(&mut self.live[id].woken, true);
        self.live[id].timer_alone = by == By::Timer && (!again || self.live[id].timer_alone);
        for wait in self.waits_of(id, |open| open.library) {
            if let Some(open) = self.open.get_mut(&wait) {
                open.woken = true;
            }
        }
        self.end_by_wake(id, &by, &stack);
        if stack.has("batch_semaphore") && stack.symbols.iter().any(|it| it.is_called("drop")) {
            self.handed_on(id);
        }
        let line = match by {
            By::Task(_) | By::Program => stack.line(),
            _ => None,
        };
        let at = self.woken_at(id, &by);
        self.live[id].woken_at = Some(at);
        if polled().is_none() {
            // The timer's moment, or whose wake it is.
            self.outside = at;
        }
        self.event(Some(id), line, What::Wake { by, again });
    }

    /// Marks the wait without instrumentation that this wake is the answer to.
    pub(super) fn end_by_wake(&mut self, id: TaskId, by: &By, stack: &Stack) {
        let mut waits =
            self.waits_of(id, |open| open.operation.is_none() && !open.library && !open.woken);
        waits.sort_unstable();
        let fits = |on: &On| match (by, on) {
            (By::End(ended), On::Task { task }) => task.is_none_or(|task| task == *ended),
            (By::End(_), On::NextTask { .. }) => true,
            (By::Timer, _) => false,
            (By::Driver, On::Io { .. }) => true,
            (_, On::Channel { .. }) => stack.has("tokio::sync::mpsc"),
            (_, On::Notify) => stack.has("tokio::sync::notify"),
            (_, On::Yield) => stack.has("scheduler::defer"),
            (_, On::Wake) => true,
            _ => false,
        };
        let by_kind = waits.iter().copied().find(|&wait| fits(&self.trace.waits[wait].on));
        // Whatever wakes a task that waits for one thing brings that thing,
        // but for timers, which have waits of their own.
        let alone = || match (&waits[..], self.waits_of(id, |_| true).len()) {
            (&[wait], 1)
                if *by != By::Timer
                    && !matches!(
                        self.trace.waits[wait].on,
                        On::Task { .. } | On::NextTask { .. }
                    ) =>
            {
                Some(wait)
            }
            _ => None,
        };
        let Some(wait) = by_kind.or_else(alone) else {
            return;
        };
        if let (On::Task { task } | On::NextTask { task }, By::End(ended)) =
            (&mut self.trace.waits[wait].on, by)
        {
            *task = Some(*ended);
        }
        if let Some(open) = self.open.get_mut(&wait) {
            open.woken = true;
        }
    }

    /// A waker was cloned: something will wake the task.
    pub(crate) fn registered(&mut self, span: u64) {
        let Some(&id) = self.spans.get(&span) else {
            return;
        };
        // Instrumented operations tell more; see `operation_polled`.
        if polled() != Some(id) || OPERATIONS.with_borrow(|operations| !operations.is_empty()) {
            return;
        }
        let stack = self.stack();
        if stack.is_in_library() {
            self.wait_in_library(id, &stack);
            return;
        }
        let Some(mut on) = what_holds(&stack) else { return };
        if let On::Io { call } = &mut on {
            *call = stack.line().and_then(|line| holds::awaited_call(&self.source, line));
        }
        if let On::Task { task } = &mut on {
            let joined = JOINED.get();
            *task = joined.and_then(|number| self.joinable.get(&number).copied());
        }
        let place = stack.place();
        let same = self.waits_of(id, |open| open.operation.is_none() && open.place == place);
        // A set's next task becomes known when it ends.
        let is_same = |old: &On| match (old, &on) {
            (On::NextTask { .. }, On::NextTask { .. }) => true,
            (old, on) => old == on,
        };
        if let Some(&wait) = same.iter().find(|&&wait| is_same(&self.trace.waits[wait].on)) {
            self.live[id].touched.push(wait);
            return;
        }
        self.wait(id, on, None, None, &stack);
    }
}

/// What a task waits for that clones its waker here. `None` for the
/// containers of futures: what they contain waits, not they.
fn what_holds(stack: &Stack) -> Option<On> {
    const CONTAINERS: &[&str] = &[
        "FuturesUnordered",
        "futures_unordered",
        "futures_util::future::shared",
        "tokio::task::local",
    ];
    if CONTAINERS.iter().any(|name| stack.waits_in(name)) {
        return None;
    }
    let kinds = [
        ("tokio::task::join_set", On::NextTask { task: None }),
        ("tokio::runtime::task::join", On::Task { task: None }),
        ("tokio::net", On::Io { call: None }),
        ("tokio::process", On::Io { call: None }),
        ("tokio::signal", On::Io { call: None }),
        ("tokio::sync::mpsc", On::Channel { sending: false }),
        ("tokio::sync::broadcast", On::Channel { sending: false }),
        ("futures_channel::mpsc", On::Channel { sending: false }),
        ("futures_channel::oneshot", On::Oneshot),
        ("tokio::sync::watch", On::Watch),
        ("tokio::sync::notify", On::Notify),
        ("tokio::task::yield_now", On::Yield),
        ("tokio::io", On::Io { call: None }),
    ];
    let on = kinds.into_iter().find(|(name, _)| stack.waits_in(name));
    Some(on.map_or(On::Wake, |(_, on)| on))
}
