//! From spawn to end.

use super::{CLOSED, Live, MAX_TASKS, POLLED, Recorder, polled};
use crate::{model::*, system};

impl Recorder {
    /// A task was spawned.
    pub(crate) fn spawned(&mut self, span: u64, number: u64, sort: &str, file: &str, line: u32) {
        // A library's own tasks (a connection's, a server's) are the library's
        // affair, as are a multi-thread runtime's workers on the blocking pool.
        let Some(line) = self.own.line(file, line) else {
            return;
        };
        if self.trace.tasks.len() >= MAX_TASKS {
            self.trace.omitted += 1;
            return;
        }
        let id = self.trace.tasks.len();
        let kind = match sort {
            "block_on" => TaskKind::Root,
            "blocking" => TaskKind::Blocking,
            _ => TaskKind::Task,
        };
        let line = Some(line);
        // The attribute's `block_on` stands at the end of the body.
        let line = match kind {
            TaskKind::Root if self.source.contains("#[tokio::main") => {
                self.functions.line_of("main").or(line)
            }
            _ => line,
        };
        let function = match kind {
            TaskKind::Root => Some("main".to_owned()),
            _ => line.and_then(|line| self.functions.spawned_at(&self.source, line)),
        };
        self.trace.tasks.push(Task {
            function,
            line,
            parent: polled(),
            kind,
            outcome: Outcome::Running,
        });
        let at = self.moment();
        self.live.push(Live { at, woken: true, ..Live::default() });
        self.spans.insert(span, id);
        self.joinable.insert(number, id);
        self.event(Some(id), line, What::Spawn);
    }

    /// The program has given a task a name.
    pub(crate) fn named(&mut self, span: u64, name: String) {
        if let (Some(&id), false) = (self.spans.get(&span), name.is_empty()) {
            self.trace.tasks[id].function = Some(name);
        }
    }

    /// A task was handed to the program's own event loop.
    pub(crate) fn spawned_by_hand(&mut self, span: u64) {
        let line = self.stack().frames.last().map_or(0, |frame| frame.line);
        let file = self.own.0.first().map(|(path, _)| path.clone()).unwrap_or_default();
        self.spawned(span, 0, "task", &file, line);
    }

    /// The runtime turns to a task: to poll it or to drop it.
    pub(crate) fn entered(&mut self, span: u64) {
        let Some(&id) = self.spans.get(&span) else {
            return;
        };
        POLLED.with_borrow_mut(|polled| polled.push(id));
        self.polled.push((id, system::thread(), std::time::Instant::now()));
        if let Some(at) = self.live[id].woken_at.take() {
            self.live[id].at = at;
        }
        let count = self.live[id].polls + 1;
        let event = self.event(Some(id), None, What::Poll { count });
        let live = &mut self.live[id];
        live.polls = count;
        live.woken = false;
        live.touched.clear();
        live.exited = live.entered.map(|(_, exit)| exit);
        live.entered = Some((event, event));
        let over: Vec<WaitId> =
            self.waits_of(id, |open| open.operation.is_none() && !open.library && open.woken);
        for wait in over {
            self.waited(wait, WaitEnd::Ready);
        }
        self.doubt_library_waits(id);
    }

    /// The runtime turns away from a task.
    pub(crate) fn exited(&mut self, span: u64) {
        let Some(&id) = self.spans.get(&span) else {
            return;
        };
        POLLED.with_borrow_mut(|polled| polled.pop());
        self.polled.retain(|&(polled, ..)| polled != id);
        let panicked = std::thread::panicking() && !self.live[id].panicked;
        let what = if panicked { What::Panicked } else { What::Pending };
        self.live[id].panicked |= panicked;
        if !panicked {
            self.settle_library_waits(id);
            self.drop_passed_waits(id);
        }
        if !panicked {
            self.settle_join_sets(id);
        }
        let exit = self.event(Some(id), None, what);
        if let Some((_, last)) = &mut self.live[id].entered {
            *last = exit;
        }
    }

    /// `JoinSet` registers before it looks whether a task is done, and so before
    /// what the program does with that task: its wait begins with the poll's
    /// end.
    pub(super) fn settle_join_sets(&mut self, id: TaskId) {
        for wait in self.live[id].touched.clone() {
            if self.open.get(&wait).is_none_or(|open| !open.early) {
                continue;
            }
            let Some(begin) =
                self.trace.events.iter().position(|event| event.what == What::Wait { wait })
            else {
                continue;
            };
            if self.live[id].entered.is_some_and(|(enter, _)| enter < begin) {
                let event = self.trace.events[begin].clone();
                self.forget(begin);
                self.trace.events.push(event);
            }
        }
    }

    /// Waits without instrumentation that stood in an await which the task
    /// has left during this poll.
    pub(super) fn drop_passed_waits(&mut self, id: TaskId) {
        let Some(&latest) = self.live[id].touched.last() else {
            return;
        };
        let Some(root) = self.open.get(&latest).and_then(|open| open.place.first().copied()) else {
            return;
        };
        let touched = self.live[id].touched.clone();
        let passed =
            self.waits_of(id, |open| open.operation.is_none() && open.place.first() != Some(&root));
        for wait in passed.into_iter().filter(|wait| !touched.contains(wait)) {
            self.waited(wait, WaitEnd::Dropped);
        }
    }

    /// The task's future is gone.
    pub(crate) fn closed(&mut self, span: u64) {
        let id = self.spans.remove(&span);
        CLOSED.set(id);
        let Some(id) = id else {
            return;
        };
        let stack = self.stack();
        let cancelled = stack.has("cancel_task");
        let outcome = match () {
            () if self.live[id].panicked => Outcome::Panicked,
            () if cancelled && stack.has("shutdown") => Outcome::Dropped,
            () if cancelled => Outcome::Cancelled,
            () => Outcome::Ready,
        };
        self.trace.tasks[id].outcome = outcome;

        for wait in self.waits_of(id, |_| true) {
            let came = outcome == Outcome::Ready && self.open[&wait].woken;
            self.waited(wait, if came { WaitEnd::Ready } else { WaitEnd::Dropped });
        }
        if outcome == Outcome::Ready {
            self.forget_hasty_waits(id);
        }
        // The last time it was entered was not a poll but the drop.
        let Some((enter, exit)) = self.live[id].entered else {
            return;
        };
        match outcome {
            Outcome::Cancelled | Outcome::Dropped => {
                let what =
                    if outcome == Outcome::Dropped { What::Dropped } else { What::Cancelled };
                self.trace.events[enter].what = what;
                self.forget(exit);
            }
            _ => {
                if let Some(before) = self.live[id].exited
                    && outcome == Outcome::Ready
                {
                    self.trace.events[before].what = What::Ready;
                }
                self.forget(exit);
                self.forget(enter);
            }
        }
        self.live[id].polls -= 1;
    }

    /// What a task held is dropped right after its last poll, which is to say
    /// before anything else: waits do not end after the task did.
    pub(super) fn settle_endings(&mut self) {
        let events = &mut self.trace.events;
        for index in 0..events.len() {
            if !matches!(events[index].what, What::Waited { .. }) {
                continue;
            }
            let task = events[index].task;
            let ready = events[..index]
                .iter()
                .position(|event| event.task == task && event.what == What::Ready);
            if let Some(ready) = ready {
                events[ready..=index].rotate_right(1);
            }
        }
    }

    /// What the last poll registered for and did not wait for after all.
    pub(super) fn forget_hasty_waits(&mut self, id: TaskId) {
        let Some(last) = self.live[id].exited else {
            return;
        };
        let enter = self.trace.events[..last]
            .iter()
            .rposition(|event| event.task == Some(id) && matches!(event.what, What::Poll { .. }));
        let Some(enter) = enter else { return };
        let hasty: Vec<WaitId> = self.trace.events[enter..last]
            .iter()
            .filter_map(|event| match event.what {
                What::Wait { wait } if event.task == Some(id) => Some(wait),
                _ => None,
            })
            .collect();
        let of_hasty = |event: &Event| match event.what {
            What::Wait { wait } | What::Waited { wait } => hasty.contains(&wait),
            _ => false,
        };
        while let Some(event) = self.trace.events.iter().position(of_hasty) {
            self.forget(event);
        }
        self.removed.extend(hasty);
    }

    /// Takes an event out again; the indices that are kept move with it.
    pub(super) fn forget(&mut self, event: usize) {
        self.trace.events.remove(event);
        let shift = |index: &mut usize| {
            if *index > event {
                *index -= 1;
            }
        };
        for live in &mut self.live {
            if let Some((enter, exit)) = &mut live.entered {
                shift(enter);
                shift(exit);
            }
            if let Some(exit) = &mut live.exited {
                shift(exit);
            }
        }
    }
}
