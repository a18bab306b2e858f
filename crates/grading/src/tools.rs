//! What a test's body measures with. All times are virtual, since the
//! beginning of the test.

use std::{
    fmt::Debug,
    panic::panic_any,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread::{self, ThreadId},
    time::Duration,
};

use tokio::{runtime::Handle, task, time::Instant};

use crate::{Text, explain, panics::Wrong};

static START: OnceLock<(Instant, ThreadId)> = OnceLock::new();

/// Sets the zero of the clock; called on the runtime's thread.
pub fn start() -> Instant {
    START.get_or_init(|| (Instant::now(), thread::current().id())).0
}

/// So many seconds.
pub const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The virtual time since the test began, in whole milliseconds: tokio's
/// timers know no finer time.
///
/// # Panics
/// Outside the body of a test.
pub fn elapsed() -> Duration {
    let (start, _) = START.get().expect("a test is running");
    Duration::from_millis(start.elapsed().as_millis() as u64)
}

/// Whether the caller runs on the thread of the test's runtime.
pub fn on_runtime_thread() -> bool {
    START.get().is_some_and(|&(_, thread)| thread == thread::current().id())
}

/// How many spawned tasks are alive, after those that are ready had a turn.
pub async fn alive_tasks() -> usize {
    task::yield_now().await;
    Handle::current().metrics().num_alive_tasks()
}

/// Fails the test with `message` unless `holds`.
///
/// # Panics
/// If it does not hold; the harness turns that into [`Verdict::Wrong`].
///
/// [`Verdict::Wrong`]: crate::Verdict::Wrong
pub fn check(holds: bool, message: impl Into<Text>) {
    if !holds {
        panic_any(Wrong(message.into()));
    }
}

/// Fails the test unless what was observed is what was expected. The message
/// names both, and then says `belief`: which idea, carried over from asyncio,
/// leads there, and what holds instead.
///
/// # Panics
/// If they differ; the harness turns that into [`Verdict::Wrong`].
///
/// [`Verdict::Wrong`]: crate::Verdict::Wrong
pub fn expect<T: Debug + PartialEq>(
    what: impl Into<Text>,
    observed: T,
    expected: T,
    belief: impl Into<Text>,
) {
    if observed != expected {
        let message = explain::difference(&what.into(), &observed, &expected);
        panic_any(Wrong(message.then(belief)));
    }
}

/// Counts how many are inside something at the same time.
#[derive(Clone, Debug, Default)]
pub struct Gauge(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    inside: AtomicUsize,
    most: AtomicUsize,
    entered: AtomicUsize,
}

impl Gauge {
    /// A gauge at zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one more until the answer is dropped.
    pub fn enter(&self) -> Inside {
        let counts = &self.0;
        counts.entered.fetch_add(1, SeqCst);
        let inside = counts.inside.fetch_add(1, SeqCst) + 1;
        counts.most.fetch_max(inside, SeqCst);
        Inside(self.clone())
    }

    /// How many are inside now.
    pub fn inside(&self) -> usize {
        self.0.inside.load(SeqCst)
    }

    /// The most that were ever inside together.
    pub fn most(&self) -> usize {
        self.0.most.load(SeqCst)
    }

    /// How many ever came in.
    pub fn entered(&self) -> usize {
        self.0.entered.load(SeqCst)
    }
}

/// Someone inside a [`Gauge`].
#[derive(Debug)]
#[must_use = "it counts until it is dropped"]
pub struct Inside(Gauge);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.0.inside.fetch_sub(1, SeqCst);
    }
}

/// What was said, and when. Given to an exercise in the place of `println!`.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<Vec<(Duration, String)>>>);

impl Journal {
    /// An empty journal.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes one line, at this virtual time.
    pub fn note(&self, line: impl Into<String>) {
        let entry = (elapsed(), line.into());
        self.entries().push(entry);
    }

    /// The lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.entries().iter().map(|(_, line)| line.clone()).collect()
    }

    /// When `line` was first written.
    pub fn time_of(&self, line: &str) -> Option<Duration> {
        let entries = self.entries();
        let (time, _) = entries.iter().find(|(_, said)| said == line)?;
        Some(*time)
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, Vec<(Duration, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells when something was really dropped.
#[derive(Clone, Debug, Default)]
pub struct DropSpy(Arc<Mutex<Option<Duration>>>);

impl DropSpy {
    /// A spy that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// What to hide in the future or the task that is watched.
    pub fn guard(&self) -> Spied {
        Spied(self.clone())
    }

    /// When the last guard was dropped, if one was.
    pub fn dropped_at(&self) -> Option<Duration> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a [`DropSpy`] watches.
#[derive(Debug)]
#[must_use = "it tells when it is dropped"]
pub struct Spied(DropSpy);

impl Drop for Spied {
    fn drop(&mut self) {
        let mut dropped = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        *dropped = START.get().map(|_| elapsed());
    }
}
