//! Writes down what happens, one program at a time.
//!
//! [`spans`](crate::spans) turns tokio's instrumentation into the calls of this
//! module; it decides what they mean. Two things tokio does not say, and both
//! are settled here: whether the last time a task was entered was a poll or the
//! dropping of its future (settled when its span closes), and when a wait on
//! something without instrumentation (a `JoinHandle`, a channel) is over: at
//! the poll that follows its wake.

pub(crate) mod channels;
mod clock;
mod ends;
mod holds;
mod libraries;
mod operations;
mod prints;
mod stuck;
mod tasks;
mod waits;
mod wakes;

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::{
    functions::Functions,
    model::*,
    program::Program,
    stack::{Own, Stack, Symbols},
    system,
};

pub use clock::{Asked, Due, Maker};
use clock::{Moment, Timer, micros};
pub(crate) use holds::Change;

/// Tasks beyond this many are counted, not recorded: no one can look at more
/// lanes, and ten thousand call stacks take seconds.
pub const MAX_TASKS: usize = 32;

/// A program with more events is recorded as far as this: no one can look at
/// more of them.
pub const MAX_EVENTS: usize = 4_000;

/// As many bytes of printed text are recorded.
pub const MAX_TEXT: usize = 8 << 20;

/// How often anything was told.
static CALLS: AtomicU64 = AtomicU64::new(0);

static RECORDER: Mutex<Option<Recorder>> = Mutex::new(None);

thread_local! {
    /// The tasks being polled on this thread, innermost last.
    static POLLED: RefCell<Vec<TaskId>> = const { RefCell::new(Vec::new()) };
    /// The operations being polled on this thread, innermost last.
    static OPERATIONS: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    /// The task whose future was dropped last on this thread.
    static CLOSED: Cell<Option<TaskId>> = const { Cell::new(None) };
    /// What is being asked of tokio's timers on this thread.
    static ASKED: Cell<Option<Asked>> = const { Cell::new(None) };
    /// The task whose handle is polled on this thread: tokio's number.
    static JOINED: Cell<Option<u64>> = const { Cell::new(None) };
    /// The channel whose receiver is polled on this thread.
    static RECEIVING: Cell<Option<u64>> = const { Cell::new(None) };
}

/// Polls the handle of the task that has this number.
pub(crate) fn joining<T>(number: Option<u64>, poll: impl FnOnce() -> T) -> T {
    let before = JOINED.replace(number);
    let polled = poll();
    JOINED.set(before);
    polled
}

/// Polls the receiver of a channel.
pub(crate) fn receiving<T>(channel: u64, poll: impl FnOnce() -> T) -> T {
    let before = RECEIVING.replace(Some(channel));
    let polled = poll();
    RECEIVING.set(before);
    polled
}

/// How often anything was told so far.
pub(crate) fn calls() -> u64 {
    CALLS.load(Ordering::Relaxed)
}

/// Begins the recording of a program.
pub fn start(program: Program) {
    let Program { name, file, files, source, why_real, whole, trace, output } = program;
    let clock = if why_real.is_some() { Clock::Real } else { Clock::Paused };
    let own = files.iter().flat_map(|file| {
        file.paths.iter().map(|path| (path.replace('\\', "/"), file.shown.before))
    });
    let several = files.len() > 1;
    let written = Written { trace, output, seen: 0, open: Vec::new() };
    *lock() = Some(Recorder {
        own: Own(own.collect()),
        functions: Functions::of(&source),
        source,
        symbols: Symbols::default(),
        started: std::time::Instant::now(),
        whole,
        virtual_start: None,
        base: 0,
        read: 0,
        last: 0,
        outside: Moment::default(),
        due: BTreeMap::new(),
        partial: String::new(),
        spans: HashMap::new(),
        live: Vec::new(),
        operations: HashMap::new(),
        resources: HashMap::new(),
        open: HashMap::new(),
        removed: Vec::new(),
        late: Vec::new(),
        polled: Vec::new(),
        joinable: HashMap::new(),
        holds: HashMap::new(),
        named: HashMap::new(),
        handed: HashSet::new(),
        channels: HashMap::new(),
        numbers: 0,
        text: 0,
        written,
        process: std::process::id(),
        trace: Trace {
            name,
            file,
            files: if several {
                files.iter().map(|file| file.shown.clone()).collect()
            } else {
                Vec::new()
            },
            clock,
            why_real,
            end: 0,
            tasks: Vec::new(),
            omitted: 0,
            waits: Vec::new(),
            events: Vec::new(),
            ending: Ending::Returned,
            stuck: Vec::new(),
        },
    });
}

/// The program begins now.
pub(crate) fn begins() {
    with(|recorder| {
        recorder.started = std::time::Instant::now();
        (recorder.read, recorder.last) = (0, 0);
        recorder.outside = Moment::default();
        recorder.due.clear();
    });
    clock_starts_again();
}

/// Writes the trace of a program that does not end as it should, and ends the
/// process. It returns if the program has ended meanwhile.
pub(crate) fn give_up(ending: Ending) {
    if write_down(ending) {
        system::leave();
    }
}

/// Writes the trace of a program that breaks off; false if it is written.
pub(crate) fn write_down(ending: Ending) -> bool {
    // Whoever aborts may have been recording.
    let asked = std::time::Instant::now();
    let mut recorder = loop {
        match RECORDER.try_lock() {
            Ok(recorder) => break recorder,
            Err(TryLockError::Poisoned(recorder)) => break recorder.into_inner(),
            Err(TryLockError::WouldBlock) if asked.elapsed() > Duration::from_secs(1) => {
                system::leave()
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    let Some(mut recorder) = recorder.take() else { return false };
    if recorder.process != std::process::id() {
        return false;
    }
    recorder.break_off(ending);
    true
}

/// Whether this stands on the caller's call stack.
pub(crate) fn is_in(words: &str) -> bool {
    with(|recorder| recorder.stack().has(words)).unwrap_or_default()
}

/// Whether a task waits for the operating system, which may answer at any time.
pub(crate) fn awaits_the_system() -> bool {
    // Not by `with`: nobody is told anything.
    lock().as_ref().is_some_and(|recorder| {
        let mut waits = recorder.open.keys().map(|&wait| &recorder.trace.waits[wait].on);
        waits.any(|on| matches!(on, On::Io { .. }))
    })
}

/// The runtime that is built is none whose clock can be paused.
pub(crate) fn has_many_threads() {
    with(|recorder| {
        if recorder.trace.clock == Clock::Paused {
            recorder.trace.clock = Clock::Real;
            recorder.trace.why_real = Some(MULTI_THREAD.to_owned());
        }
    });
}

/// Whether a task waits for a timer that has not fired.
pub(crate) fn awaits_a_timer() -> bool {
    lock().as_ref().is_some_and(|it| it.open.values().any(|open| open.timer.is_some()))
}

/// True if the program being recorded is to run on the paused clock.
pub fn wants_paused_clock() -> bool {
    lock().as_ref().is_some_and(|recorder| recorder.trace.clock == Clock::Paused)
}

/// True if that clock is to stand at whole milliseconds.
pub fn wants_whole_clock() -> bool {
    lock().as_ref().is_some_and(|recorder| recorder.whole)
}

/// A new runtime brings a clock of its own; the trace's goes on from where it
/// stands.
pub fn clock_starts_again() {
    with(|recorder| {
        let last = recorder.last.max(recorder.read);
        (recorder.base, recorder.read) = (last, last);
        recorder.outside = Moment { shown: recorder.last, read: last };
        recorder.virtual_start = None;
        recorder.due.clear();
    });
}

/// Runs a call of tokio's that makes a timer.
pub fn asking<T>(asked: Asked, make: impl FnOnce() -> T) -> T {
    ASKED.set(Some(asked));
    let made = make();
    ASKED.set(None);
    made
}

/// The paused clock, outside of a runtime.
pub(crate) fn clock() -> Duration {
    Duration::from_micros(with(Recorder::now).unwrap_or_default())
}

/// Moves the paused clock on, outside of a runtime.
pub(crate) fn advance(duration: Duration) {
    with(|recorder| recorder.read += micros(duration));
}

/// Records a printed text; false if there is no recording.
pub fn print(text: &str, file: &str, line: u32, ends: bool) -> bool {
    with(|recorder| recorder.print(text, file, line, ends)).is_some()
}

/// Runs the closure on the recorder, if there is a recording.
pub(crate) fn with<T>(run: impl FnOnce(&mut Recorder) -> T) -> Option<T> {
    CALLS.fetch_add(1, Ordering::Relaxed);
    lock().as_mut().map(run)
}

/// The task being polled on this thread.
pub(crate) fn polled() -> Option<TaskId> {
    // Its thread may be over, when the process exits.
    POLLED.try_with(|polled| polled.borrow().last().copied()).ok().flatten()
}

fn lock() -> MutexGuard<'static, Option<Recorder>> {
    RECORDER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is known of a task while it lives, beside its place in the trace.
#[derive(Default)]
struct Live {
    /// Where it stands.
    at: Moment,
    /// Where it will stand when it is polled, if it was woken.
    woken_at: Option<Moment>,
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
    /// What it was bound to where it was made.
    name: Option<String>,
    /// The resource that it is a part of: a mutex is made of a semaphore.
    outer: Option<u64>,
    /// What it was made with, if it is a timer.
    timer: Option<Timer>,
    /// How long it runs, since it runs.
    duration: Micros,
    /// When it will be due, as shown, and at which tick of the runtime.
    due: Option<(u64, Micros)>,
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
    /// What it waits for, if tokio tells; else 0.
    resource: u64,
    /// True if it is a lock that it wants for reading.
    shared: bool,
    /// The channel that it receives from, if that is known.
    channel: Option<u64>,
    /// The functions it waits in, from the task's own inwards.
    functions: Vec<String>,
    /// When its timer is due (a tick of the runtime, and as shown), until then.
    timer: Option<(u64, Micros)>,
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
    own: Own,
    source: String,
    functions: Functions,
    symbols: Symbols,
    /// Whether its paused clock stands at whole milliseconds.
    whole: bool,
    started: std::time::Instant,
    /// When the runtime's clock was read first, and what the trace's read then.
    virtual_start: Option<tokio::time::Instant>,
    base: Micros,
    /// What the clock read last.
    read: Micros,
    /// What was shown last.
    last: Micros,
    /// Where everything stands that is no task of the recording.
    outside: Moment,
    /// When timers are due, as shown, by the tick at which the runtime ends them.
    due: BTreeMap<u64, Micros>,
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
    /// The tasks that are polled at this moment, with their threads, and since
    /// when.
    polled: Vec<(TaskId, i32, std::time::Instant)>,
    /// Tasks by the number that their handle has.
    joinable: HashMap<u64, TaskId>,
    /// Who has which of tokio's locks.
    holds: HashMap<u64, Vec<holds::Hold>>,
    /// The resources by what they were bound to.
    named: HashMap<String, Vec<u64>>,
    /// Those that were let go while somebody queued, and not taken since.
    handed: HashSet<u64>,
    channels: HashMap<u64, channels::Channel>,
    /// The number given last to a channel or sender.
    numbers: u64,
    /// How many bytes were printed.
    text: usize,
    written: Written,
    /// Whose recording it is: a process that the program forks has none.
    process: u32,
}

/// What is written, and where.
struct Written {
    /// Where the trace goes.
    trace: String,
    /// The file that is the program's standard output.
    output: String,
    /// How much of it was read.
    seen: u64,
    /// The bytes at its end that are no whole letter yet.
    open: Vec<u8>,
}

impl Recorder {
    /// Reads a call stack and forgets it again, but not the symbols in it.
    pub(crate) fn look(&mut self) {
        self.stack();
    }

    fn stack(&mut self) -> Stack {
        Stack::capture(&self.own, &self.functions, &mut self.symbols)
    }

    fn event(&mut self, task: Option<TaskId>, line: Option<u32>, what: What) -> usize {
        self.read_written();
        let at = self.now();
        self.trace.events.push(Event { at, task, line, what });
        if self.trace.events.len() > MAX_EVENTS {
            self.cut(Limit::Events(MAX_EVENTS));
        }
        self.trace.events.len() - 1
    }
}
