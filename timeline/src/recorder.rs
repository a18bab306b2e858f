//! Writes down what happens, one program at a time.
//!
//! [`spans`](crate::spans) turns tokio's instrumentation into the calls of this
//! module; it decides what they mean. Two things tokio does not say, and both
//! are settled here: whether the last time a task was entered was a poll or the
//! dropping of its future (settled when its span closes), and when a wait on
//! something without instrumentation (a `JoinHandle`, a channel) is over: at
//! the poll that follows its wake.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{functions::Functions, model::*, stack::Stack};

/// Tasks beyond this many are counted, not recorded: no one can look at more
/// lanes, and ten thousand call stacks take seconds.
pub const MAX_TASKS: usize = 32;

/// The real clock's grain, in microseconds: finer than this, two runs differ.
const REAL_GRAIN: Micros = 10_000;

static RECORDER: Mutex<Option<Recorder>> = Mutex::new(None);

thread_local! {
    /// The tasks being polled on this thread, innermost last.
    static POLLED: RefCell<Vec<TaskId>> = const { RefCell::new(Vec::new()) };
    /// The operations being polled on this thread, innermost last.
    static OPERATIONS: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    /// The task whose future was dropped last on this thread.
    static CLOSED: Cell<Option<TaskId>> = const { Cell::new(None) };
}

/// Begins the recording of a program.
pub fn start(name: &str, file: &str, source: &str, why_real: Option<&str>) {
    let clock = if why_real.is_some() {
        Clock::Real
    } else {
        Clock::Paused
    };
    *lock() = Some(Recorder {
        source: source.to_owned(),
        functions: Functions::of(source),
        started: std::time::Instant::now(),
        virtual_start: None,
        base: 0,
        last: 0,
        partial: String::new(),
        spans: HashMap::new(),
        live: Vec::new(),
        operations: HashMap::new(),
        resources: HashMap::new(),
        open: HashMap::new(),
        removed: Vec::new(),
        trace: Trace {
            name: name.to_owned(),
            file: file.to_owned(),
            clock,
            why_real: why_real.map(str::to_owned),
            end: 0,
            tasks: Vec::new(),
            omitted: 0,
            waits: Vec::new(),
            events: Vec::new(),
            failure: None,
        },
    });
}

/// Ends the recording.
pub fn finish(failure: Option<String>) -> Option<Trace> {
    lock().take().map(|recorder| recorder.finish(failure))
}

/// True if the program being recorded is to run on the paused clock.
pub fn wants_paused_clock() -> bool {
    with(|recorder| recorder.trace.clock == Clock::Paused).unwrap_or_default()
}

/// A new runtime brings a clock of its own; the trace's goes on from where it
/// stands.
pub fn clock_starts_again() {
    with(|recorder| {
        recorder.base = recorder.last;
        recorder.virtual_start = None;
    });
}

/// Records a printed text.
pub fn print(text: &str, line: u32, ends: bool) {
    with(|recorder| recorder.print(text, line, ends));
}

/// Runs the closure on the recorder, if there is a recording.
pub(crate) fn with<T>(run: impl FnOnce(&mut Recorder) -> T) -> Option<T> {
    lock().as_mut().map(run)
}

/// The task being polled on this thread.
pub(crate) fn polled() -> Option<TaskId> {
    POLLED.with_borrow(|polled| polled.last().copied())
}

fn lock() -> MutexGuard<'static, Option<Recorder>> {
    RECORDER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is known of a task while it lives, beside its place in the trace.
#[derive(Default)]
struct Live {
    polls: usize,
    woken: bool,
    /// The events of the last time it was entered: (Poll, Pending).
    entered: Option<(usize, usize)>,
    /// The exit before that.
    exited: Option<usize>,
    panicked: bool,
    /// The places of the waits that began or went on during this poll.
    touched: Vec<WaitId>,
    /// The functions that last waited in each branch.
    branches: Vec<Vec<String>>,
}

/// A resource of tokio's: a sleep, a semaphore.
struct Resource {
    sort: String,
    callee: String,
    duration: Micros,
    deadline: Option<Micros>,
}

/// A future that polls a resource.
#[derive(Default)]
struct Operation {
    resource: u64,
    wait: Option<WaitId>,
    ready: bool,
}

/// What is known of a wait while it lasts.
struct Open {
    operation: Option<u64>,
    /// [`Stack::place`].
    place: Vec<u32>,
    woken: bool,
    /// True if it is noted before it is certain; see `settle_join_sets`.
    early: bool,
}

/// One recording under way.
pub(crate) struct Recorder {
    trace: Trace,
    source: String,
    functions: Functions,
    started: std::time::Instant,
    virtual_start: Option<tokio::time::Instant>,
    base: Micros,
    last: Micros,
    partial: String,
    spans: HashMap<u64, TaskId>,
    live: Vec<Live>,
    operations: HashMap<u64, Operation>,
    resources: HashMap<u64, Resource>,
    open: HashMap<WaitId, Open>,
    /// Waits that were none; taken out in the end.
    removed: Vec<WaitId>,
}

impl Recorder {
    fn now(&mut self) -> Micros {
        match self.trace.clock {
            Clock::Real => {
                let exact = self.started.elapsed().as_micros() as Micros;
                self.last = (exact + REAL_GRAIN / 2) / REAL_GRAIN * REAL_GRAIN;
            }
            // Outside of a runtime, tokio's clock is the system's.
            Clock::Paused if tokio::runtime::Handle::try_current().is_ok() => {
                let now = tokio::time::Instant::now();
                let start = *self.virtual_start.get_or_insert(now);
                let passed = now.saturating_duration_since(start).as_micros() as Micros;
                self.last = self.last.max(self.base + passed);
            }
            Clock::Paused => {}
        }
        self.last
    }

    fn stack(&self) -> Stack {
        Stack::capture(&self.trace.file, &self.functions)
    }

    fn event(&mut self, task: Option<TaskId>, line: Option<u32>, what: What) -> usize {
        let at = self.now();
        self.trace.events.push(Event {
            at,
            task,
            line,
            what,
        });
        self.trace.events.len() - 1
    }

    // ---- tasks

    /// A task was spawned.
    pub(crate) fn spawned(&mut self, span: u64, sort: &str, file: &str, line: u32) {
        // A multi-thread runtime runs its own workers on the blocking pool.
        let of_program = file.replace('\\', "/").ends_with(&self.trace.file);
        if sort == "blocking" && !of_program {
            return;
        }
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
        let line = of_program.then_some(line);
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
        self.live.push(Live {
            woken: true,
            ..Live::default()
        });
        self.spans.insert(span, id);
        self.event(Some(id), line, What::Spawn);
    }

    /// The runtime turns to a task: to poll it or to drop it.
    pub(crate) fn entered(&mut self, span: u64) {
        let Some(&id) = self.spans.get(&span) else {
            return;
        };
        POLLED.with_borrow_mut(|polled| polled.push(id));
        let count = self.live[id].polls + 1;
        let event = self.event(Some(id), None, What::Poll { count });
        let live = &mut self.live[id];
        live.polls = count;
        live.woken = false;
        live.touched.clear();
        live.exited = live.entered.map(|(_, exit)| exit);
        live.entered = Some((event, event));
        let over: Vec<WaitId> = self.waits_of(id, |open| open.operation.is_none() && open.woken);
        for wait in over {
            self.waited(wait, WaitEnd::Ready);
        }
    }

    /// The runtime turns away from a task.
    pub(crate) fn exited(&mut self, span: u64) {
        let Some(&id) = self.spans.get(&span) else {
            return;
        };
        POLLED.with_borrow_mut(|polled| polled.pop());
        let panicked = std::thread::panicking() && !self.live[id].panicked;
        let what = if panicked {
            What::Panicked
        } else {
            What::Pending
        };
        self.live[id].panicked |= panicked;
        if !panicked {
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
    fn settle_join_sets(&mut self, id: TaskId) {
        for wait in self.live[id].touched.clone() {
            if self.open.get(&wait).is_none_or(|open| !open.early) {
                continue;
            }
            let Some(begin) = self
                .trace
                .events
                .iter()
                .position(|event| event.what == What::Wait { wait })
            else {
                continue;
            };
            if self.live[id]
                .entered
                .is_some_and(|(enter, _)| enter < begin)
            {
                let event = self.trace.events[begin].clone();
                self.forget(begin);
                self.trace.events.push(event);
            }
        }
    }

    /// Waits without instrumentation that stood in an await which the task
    /// has left during this poll.
    fn drop_passed_waits(&mut self, id: TaskId) {
        let Some(&latest) = self.live[id].touched.last() else {
            return;
        };
        let Some(root) = self
            .open
            .get(&latest)
            .and_then(|open| open.place.first().copied())
        else {
            return;
        };
        let touched = self.live[id].touched.clone();
        let passed = self.waits_of(id, |open| {
            open.operation.is_none() && open.place.first() != Some(&root)
        });
        for wait in passed.into_iter().filter(|wait| !touched.contains(wait)) {
            self.waited(wait, WaitEnd::Dropped);
        }
    }

    /// The task's future is gone.
    pub(crate) fn closed(&mut self, span: u64) {
        let Some(id) = self.spans.remove(&span) else {
            return;
        };
        CLOSED.set(Some(id));
        let stack = self.stack();
        let cancelled = stack.has("cancel_task");
        let outcome = match () {
            () if self.live[id].panicked => Outcome::Panicked,
            () if cancelled && stack.has("shutdown") => Outcome::Dropped,
            () if cancelled => Outcome::Cancelled,
            () => Outcome::Ready,
        };
        self.trace.tasks[id].outcome = outcome;

        let end = if outcome == Outcome::Ready {
            WaitEnd::Ready
        } else {
            WaitEnd::Dropped
        };
        for wait in self.waits_of(id, |_| true) {
            self.waited(wait, end);
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
                let what = if outcome == Outcome::Dropped {
                    What::Dropped
                } else {
                    What::Cancelled
                };
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

    /// What the last poll registered for and did not wait for after all.
    fn forget_hasty_waits(&mut self, id: TaskId) {
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
    fn forget(&mut self, event: usize) {
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
            _ if stack.has("tokio::runtime::time") => By::Timer,
            _ if stack.has("tokio::runtime::io") => By::Driver,
            _ => By::Other,
        };
        let again = std::mem::replace(&mut self.live[id].woken, true);
        self.end_by_wake(id, &by, &stack);
        let line = match by {
            By::Task(_) => stack.line(),
            _ => None,
        };
        self.event(Some(id), line, What::Wake { by, again });
    }

    /// Marks the wait without instrumentation that this wake is the answer to.
    fn end_by_wake(&mut self, id: TaskId, by: &By, stack: &Stack) {
        let mut waits = self.waits_of(id, |open| open.operation.is_none() && !open.woken);
        waits.sort_unstable();
        let fits = |on: &On| match (by, on) {
            (By::End(_), On::Task { .. }) => true,
            (By::Timer, _) => false,
            (By::Driver, On::Io) => true,
            (_, On::Channel { .. }) => stack.has("tokio::sync::mpsc"),
            (_, On::Notify) => stack.has("tokio::sync::notify"),
            (_, On::Yield) => stack.has("scheduler::defer"),
            (_, On::Wake) => true,
            _ => false,
        };
        let by_kind = waits
            .iter()
            .copied()
            .find(|&wait| fits(&self.trace.waits[wait].on));
        // Whatever wakes a task that waits for one thing brings that thing,
        // but for timers, which have waits of their own.
        let alone = || match (&waits[..], self.waits_of(id, |_| true).len()) {
            (&[wait], 1)
                if *by != By::Timer && !matches!(self.trace.waits[wait].on, On::Task { .. }) =>
            {
                Some(wait)
            }
            _ => None,
        };
        let Some(wait) = by_kind.or_else(alone) else {
            return;
        };
        if let (On::Task { task }, By::End(ended)) = (&mut self.trace.waits[wait].on, by) {
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
        let Some(on) = what_holds(&stack) else { return };
        let place = stack.place();
        let same = self.waits_of(id, |open| open.operation.is_none() && open.place == place);
        if let Some(&wait) = same.iter().find(|&&wait| self.trace.waits[wait].on == on) {
            self.live[id].touched.push(wait);
            return;
        }
        self.wait(id, on, None, None, &stack);
    }

    // ---- waits

    fn waits_of(&self, id: TaskId, which: impl Fn(&Open) -> bool) -> Vec<WaitId> {
        let mut waits: Vec<WaitId> = self
            .open
            .iter()
            .filter(|(wait, open)| self.trace.waits[**wait].task == id && which(open))
            .map(|(wait, _)| *wait)
            .collect();
        waits.sort_unstable();
        waits
    }

    fn wait(
        &mut self,
        id: TaskId,
        on: On,
        deadline: Option<Micros>,
        operation: Option<u64>,
        stack: &Stack,
    ) -> WaitId {
        self.name_task(id, stack);
        let functions = stack.functions();
        let taken: Vec<usize> = self
            .waits_of(id, |_| true)
            .iter()
            .map(|&wait| self.trace.waits[wait].branch)
            .collect();
        let live = &mut self.live[id];
        let free = |branch: &usize| !taken.contains(branch);
        let branch = (0..live.branches.len())
            .filter(free)
            .find(|&branch| live.branches[branch] == functions)
            .or_else(|| (0..=live.branches.len()).find(free))
            .unwrap_or_default();
        if branch == live.branches.len() {
            live.branches.push(functions);
        } else {
            live.branches[branch] = functions;
        }

        let from = self.now();
        let wait = self.trace.waits.len();
        let line = stack.line();
        self.trace.waits.push(Wait {
            task: id,
            branch,
            function: stack.function().map(str::to_owned),
            line,
            on,
            from,
            to: from,
            deadline,
            end: WaitEnd::Open,
        });
        self.open.insert(
            wait,
            Open {
                operation,
                place: stack.place(),
                woken: false,
                early: stack.waits_in("tokio::task::join_set"),
            },
        );
        self.live[id].touched.push(wait);
        self.event(Some(id), line, What::Wait { wait });
        wait
    }

    fn waited(&mut self, wait: WaitId, end: WaitEnd) {
        let Some(open) = self.open.remove(&wait) else {
            return;
        };
        if let Some(operation) = open
            .operation
            .and_then(|span| self.operations.get_mut(&span))
        {
            operation.wait = None;
        }
        let to = self.now();
        let wait_ = &mut self.trace.waits[wait];
        (wait_.to, wait_.end) = (to, end);
        let (task, line) = (wait_.task, wait_.line);
        self.event(Some(task), line, What::Waited { wait });
    }

    /// The first stack that shows the task's own function names it.
    fn name_task(&mut self, id: TaskId, stack: &Stack) {
        let task = &mut self.trace.tasks[id];
        if task.function.is_none() {
            task.function = stack.task_function().map(str::to_owned);
        }
    }

    // ---- resources

    /// A resource was made at this place of the source.
    pub(crate) fn resource(&mut self, span: u64, sort: &str, line: u32, column: u32) {
        let callee = callee(&self.source, line, column);
        self.resources.insert(
            span,
            Resource {
                sort: sort.to_owned(),
                callee,
                duration: 0,
                deadline: None,
            },
        );
    }

    /// A future that will poll a resource was made.
    pub(crate) fn operation(&mut self, span: u64, resource: u64) {
        self.operations.insert(
            span,
            Operation {
                resource,
                ..Operation::default()
            },
        );
    }

    pub(crate) fn operation_entered(&mut self, span: u64) {
        OPERATIONS.with_borrow_mut(|operations| operations.push(span));
    }

    /// A timer was set, so many milliseconds from now.
    pub(crate) fn timer_set(&mut self, milliseconds: u64) {
        let now = self.now();
        let Some(span) = OPERATIONS.with_borrow(|operations| operations.last().copied()) else {
            return;
        };
        let Some(operation) = self.operations.get(&span) else {
            return;
        };
        if let Some(resource) = self.resources.get_mut(&operation.resource) {
            // On the real clock, the way to the next tick comes on top.
            let duration = milliseconds * 1000;
            let exact = self.trace.clock == Clock::Paused || duration < REAL_GRAIN;
            resource.duration = if exact {
                duration
            } else {
                duration / REAL_GRAIN * REAL_GRAIN
            };
            resource.deadline = Some(now + resource.duration);
        }
    }

    /// An operation was polled. Operations nest (a mutex polls its semaphore);
    /// the outermost is the one the program awaits, and it speaks last.
    pub(crate) fn operation_polled(&mut self, ready: bool) {
        let Some((outer, inner)) = OPERATIONS
            .with_borrow(|operations| operations.first().copied().zip(operations.last().copied()))
        else {
            return;
        };
        let Some(operation) = self.operations.get_mut(&outer) else {
            return;
        };
        operation.ready = ready;
        if ready || operation.wait.is_some() {
            if let (Some(wait), Some(id)) = (operation.wait, polled()) {
                self.live[id].touched.push(wait);
            }
            return;
        }
        let (Some(id), resource) = (polled(), operation.resource) else {
            return;
        };
        let inner = self
            .operations
            .get(&inner)
            .map_or(resource, |operation| operation.resource);
        let stack = self.stack();
        let (on, deadline) = self.what_operation_awaits(resource, inner, &stack);
        let wait = self.wait(id, on, deadline, Some(outer), &stack);
        if let Some(operation) = self.operations.get_mut(&outer) {
            operation.wait = Some(wait);
        }
    }

    fn what_operation_awaits(&self, outer: u64, inner: u64, stack: &Stack) -> (On, Option<Micros>) {
        let timer = self.resources.get(&inner);
        let duration = timer.map_or(0, |timer| timer.duration);
        let deadline = timer.and_then(|timer| timer.deadline);
        let Some(resource) = self.resources.get(&outer) else {
            return (On::Wake, None);
        };
        match resource.sort.as_str() {
            "Sleep" if resource.callee.starts_with("timeout") => {
                (On::Timeout { duration }, deadline)
            }
            "Sleep" => (On::Sleep { duration }, deadline),
            "Interval" => (On::Interval { duration }, deadline),
            "Mutex" => (On::Mutex, None),
            "RwLock" => (On::RwLock, None),
            "Barrier" => (On::Barrier, None),
            "Sender|Receiver" => (On::Oneshot, None),
            "Semaphore" if stack.waits_in("tokio::sync::mpsc") => {
                (On::Channel { sending: true }, None)
            }
            "Semaphore" => (On::Semaphore, None),
            _ => (On::Wake, None),
        }
    }

    pub(crate) fn operation_exited(&mut self, span: u64) {
        let outermost = OPERATIONS.with_borrow_mut(|operations| {
            operations.pop();
            operations.is_empty()
        });
        let Some(operation) = self.operations.get(&span) else {
            return;
        };
        if outermost
            && operation.ready
            && let Some(wait) = operation.wait
        {
            self.waited(wait, WaitEnd::Ready);
        }
    }

    /// The future that polled the resource was dropped.
    pub(crate) fn operation_closed(&mut self, span: u64) {
        if let Some(Operation {
            wait: Some(wait), ..
        }) = self.operations.remove(&span)
        {
            self.waited(wait, WaitEnd::Dropped);
        }
    }

    pub(crate) fn resource_closed(&mut self, span: u64) {
        self.resources.remove(&span);
    }

    // ---- printed lines

    fn print(&mut self, text: &str, line: u32, ends: bool) {
        self.partial.push_str(text);
        if ends {
            self.partial.push('\n');
        }
        while let Some(end) = self.partial.find('\n') {
            let text: String = self.partial.drain(..=end).collect();
            self.print_line(text.trim_end_matches('\n').to_owned(), Some(line));
        }
    }

    fn print_line(&mut self, text: String, line: Option<u32>) {
        let task = polled();
        let mut branch = 0;
        if let Some(id) = task {
            let stack = self.stack();
            self.name_task(id, &stack);
            branch = self.printing_branch(id, &stack.functions());
        }
        self.event(task, line, What::Print { text, branch });
    }

    /// Of the branches that stand in the printing function, the one whose
    /// wait ended last.
    fn printing_branch(&self, id: TaskId, functions: &[String]) -> usize {
        let branches = &self.live[id].branches;
        let of_function: Vec<usize> = (0..branches.len())
            .filter(|&branch| branches[branch] == functions)
            .collect();
        self.trace
            .events
            .iter()
            .rev()
            .filter_map(|event| match event.what {
                What::Waited { wait } if event.task == Some(id) => {
                    Some(self.trace.waits[wait].branch)
                }
                _ => None,
            })
            .find(|branch| of_function.contains(branch))
            .or(of_function.first().copied())
            .unwrap_or_default()
    }

    fn finish(mut self, failure: Option<String>) -> Trace {
        if !self.partial.is_empty() {
            let text = std::mem::take(&mut self.partial);
            self.print_line(text, None);
        }
        let end = self.now();
        for &wait in self.open.keys() {
            self.trace.waits[wait].to = end;
        }
        self.removed.sort_unstable();
        for wait in std::mem::take(&mut self.removed).into_iter().rev() {
            self.trace.waits.remove(wait);
            for event in &mut self.trace.events {
                if let What::Wait { wait: index } | What::Waited { wait: index } = &mut event.what
                    && *index > wait
                {
                    *index -= 1;
                }
            }
        }
        self.trace.end = end;
        self.trace.failure = failure;
        self.trace
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
        ("tokio::task::join_set", On::Task { task: None }),
        ("tokio::runtime::task::join", On::Task { task: None }),
        ("tokio::sync::mpsc", On::Channel { sending: false }),
        ("tokio::sync::broadcast", On::Channel { sending: false }),
        ("futures_channel::mpsc", On::Channel { sending: false }),
        ("futures_channel::oneshot", On::Oneshot),
        ("tokio::sync::watch", On::Notify),
        ("tokio::sync::notify", On::Notify),
        ("tokio::task::yield_now", On::Yield),
        ("tokio::net", On::Io),
        ("tokio::fs", On::Io),
        ("tokio::process", On::Io),
        ("tokio::signal", On::Io),
        ("tokio::io", On::Io),
    ];
    let on = kinds.into_iter().find(|(name, _)| stack.waits_in(name));
    Some(on.map_or(On::Wake, |(_, on)| on))
}

/// The name that is called at this place of the source: of
/// `time::timeout(limit, work())`, `timeout`.
fn callee(source: &str, line: u32, column: u32) -> String {
    let text = source
        .lines()
        .nth(line.saturating_sub(1) as usize)
        .unwrap_or_default();
    let text: String = text
        .chars()
        .skip(column.saturating_sub(1) as usize)
        .collect();
    let path = text
        .split(|letter: char| !(letter.is_alphanumeric() || "_:".contains(letter)))
        .next();
    path.and_then(|path| path.rsplit(':').next())
        .unwrap_or_default()
        .to_owned()
}
