//! Writes down what happens, one program at a time.
//!
//! [`spans`](crate::spans) turns tokio's instrumentation into the calls of this
//! module; it decides what they mean. Two things tokio does not say, and both
//! are settled here: whether the last time a task was entered was a poll or the
//! dropping of its future (settled when its span closes), and when a wait on
//! something without instrumentation (a `JoinHandle`, a channel) is over: at
//! the poll that follows its wake.

mod libraries;
mod operations;
mod prints;
mod tasks;
mod waits;
mod wakes;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{functions::Functions, model::*, stack::Stack};

/// Tasks beyond this many are counted, not recorded: no one can look at more
/// lanes, and ten thousand call stacks take seconds.
pub const MAX_TASKS: usize = 32;

/// The real clock's grain, in microseconds: finer than this, two runs differ.
/// The recorder itself takes some milliseconds for a call stack, and on a busy
/// machine they add up: without the grain they would pass for long polls.
const REAL_GRAIN: Micros = 100_000;

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
    let clock = if why_real.is_some() { Clock::Real } else { Clock::Paused };
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
        late: Vec::new(),
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

/// The paused clock, outside of a runtime.
pub(crate) fn clock() -> Duration {
    Duration::from_micros(with(Recorder::now).unwrap_or_default())
}

/// Moves the paused clock on, outside of a runtime.
pub(crate) fn advance(duration: Duration) {
    with(|recorder| recorder.last += duration.as_micros() as Micros);
}

/// Records a printed text; false if there is no recording.
pub fn print(text: &str, line: u32, ends: bool) -> bool {
    with(|recorder| recorder.print(text, line, ends)).is_some()
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
    /// Waits in libraries of which this poll shows whether they last.
    in_doubt: Vec<libraries::InDoubt>,
    /// True if a timer alone has woken it since its last poll.
    timer_alone: bool,
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
#[derive(Clone)]
struct Open {
    operation: Option<u64>,
    /// [`Stack::place`].
    place: Vec<u32>,
    woken: bool,
    /// True if it is noted before it is certain; see `settle_join_sets`.
    early: bool,
    /// True if a library waits; see `libraries`.
    library: bool,
    /// True if it registered again in the last poll.
    seen: bool,
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
    /// Waits that ended a poll earlier than they seemed to.
    late: Vec<WaitId>,
}

impl Recorder {
    fn now(&mut self) -> Micros {
        match self.trace.clock {
            Clock::Real => {
                let exact = self.started.elapsed().as_micros() as Micros;
                // A timer is never early.
                self.last = exact / REAL_GRAIN * REAL_GRAIN;
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
        self.trace.events.push(Event { at, task, line, what });
        self.trace.events.len() - 1
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
        self.settle_late_ends();
        self.settle_endings();
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
