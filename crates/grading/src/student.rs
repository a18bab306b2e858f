//! The student's process: one test on a paused clock.

use std::{
    any::Any,
    cell::RefCell,
    fs,
    future::Future,
    io::{self, Write},
    panic::{self, AssertUnwindSafe, Location, PanicHookInfo},
    pin::pin,
    process,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use tokio::{
    runtime::{Builder, Runtime},
    time::timeout,
};

use crate::{
    Text, Verdict, explain,
    panics::{self, Wrong},
    process as own_process,
    subject::Subject,
    tools,
    wire::{self, Channel, MARK, News, Told},
};

/// Virtual time after which a test is stuck. In a deadlock, as much again
/// passes without an event.
const STUCK: Duration = Duration::from_secs(3600);

/// So often the thread parks for the watchdog's own timer, which moves
/// through the levels of tokio's timer wheel.
const SILENCE: u64 = 16;

/// More time than this, blocked in polls, and a wrong result has its reason.
const BLOCKED: Duration = Duration::from_millis(100);

/// The first panic that nobody expected, and the last one that was expected.
static FIRST_PANIC: Mutex<Option<(Verdict, Text)>> = Mutex::new(None);
static LAST_EXPECTED: Mutex<Option<Text>> = Mutex::new(None);

/// Runs the body, tells the guard, and ends the process. The exit code says
/// nothing: only the guard's word counts.
pub(crate) fn run(test: &Subject, body: impl Future<Output = ()>) -> ! {
    if let Err(error) = tell(test, body) {
        eprintln!("grading: {error}");
    }
    process::exit(wire::NOT_A_VERDICT)
}

fn tell(test: &Subject, body: impl Future<Output = ()>) -> io::Result<()> {
    let mut channel = Channel::claim()?;
    own_process::die_with_parent();
    own_process::limit_self(test.limits.wall);
    let test_file = test.place.file();
    panic::set_hook(Box::new(move |info| note_panic(info, test_file)));

    channel.send(News::Started)?;
    let mut stdout = io::stdout();
    writeln!(stdout, "{MARK}")?;

    let told = grade(body);
    // A closed stdout is the student's loss, not an error.
    let _ = stdout.flush();
    channel.send(News::Ended(told))
}

fn grade(body: impl Future<Output = ()>) -> Told {
    let parks = Arc::new(Parks::default());
    let runtime = runtime(&parks).expect("the runtime starts");
    let start = {
        let _inside = runtime.enter();
        tools::start()
    };
    parks.start();
    let end = panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(watch(body, &parks))));
    let blocked = parks.blocked();
    let virtual_ms = {
        let _inside = runtime.enter();
        start.elapsed().as_millis() as u64
    };
    // Tasks that are left are dropped here, within the limits.
    let end =
        end.and_then(|end| panic::catch_unwind(AssertUnwindSafe(|| drop(runtime))).map(|()| end));

    let (verdict, message) = name(end, blocked);
    Told { verdict, message, virtual_ms: Some(virtual_ms) }
}

/// A clock that stands at a whole millisecond and moves by whole ones, so that
/// times are exact. In truth it never stands there: a timer that is due now is
/// pending at its first poll, and here it is ready. (Tried with all proofs on a
/// clock that stands beside: no verdict rests on it, and of the times only the
/// milliseconds differ that each timer of a chain adds.)
fn runtime(parks: &Arc<Parks>) -> io::Result<Runtime> {
    let (park, unpark) = (parks.clone(), parks.clone());
    Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .on_thread_park(move || park.park())
        .on_thread_unpark(move || unpark.unpark())
        .build()
}

/// How the body ended, if it did not panic.
enum End {
    Done,
    Leaked(usize),
    Deadlock,
    Endless,
}

/// The virtual watchdog. On a paused clock it goes off as soon as nothing
/// else is left to wait for.
async fn watch(body: impl Future<Output = ()>, parks: &Parks) -> End {
    let mut body = pin!(body);
    if timeout(STUCK, &mut body).await.is_err() {
        let before = parks.count.load(Relaxed);
        if timeout(STUCK, &mut body).await.is_err() {
            let quiet = parks.count.load(Relaxed) - before <= SILENCE;
            return if quiet { End::Deadlock } else { End::Endless };
        }
    }
    match tools::alive_tasks().await {
        0 => End::Done,
        left => End::Leaked(left),
    }
}

fn name(end: Result<End, Box<dyn Any + Send>>, blocked: Duration) -> (Verdict, Text) {
    let panicked = held(&FIRST_PANIC).take();
    match (panicked, end) {
        (Some((Verdict::Wrong, message)), _) if blocked >= BLOCKED => {
            (Verdict::Blocked, explain::blocked(blocked).then(message))
        }
        (Some(panicked), _) => panicked,
        (None, Err(_)) => {
            let message = held(&LAST_EXPECTED).take();
            (Verdict::Panic, message.unwrap_or_else(explain::unknown_panic))
        }
        (None, Ok(End::Done)) => (Verdict::Passed, Text::default()),
        (None, Ok(End::Leaked(tasks))) => (Verdict::Wrong, explain::leaked_tasks(tasks)),
        (None, Ok(End::Deadlock)) => (Verdict::Deadlock, explain::deadlock()),
        (None, Ok(End::Endless)) => (Verdict::Hung, explain::endless(STUCK)),
    }
}

/// The first panic decides: those after it are mostly its echoes.
fn note_panic(info: &PanicHookInfo<'_>, test_file: &str) {
    let payload = info.payload();
    let text = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text.as_str(),
        _ => "",
    };
    let at = info.location().map(Location::to_string).unwrap_or_default();
    let in_test = info.location().is_some_and(|at| at.file() == test_file);
    let found = match payload.downcast_ref::<Wrong>() {
        Some(Wrong(message)) => (Verdict::Wrong, message.clone()),
        None if panics::are_expected() => {
            *held(&LAST_EXPECTED) = Some(explain::panic(text, &at));
            return;
        }
        None if in_test => (Verdict::Wrong, explain::failed_assertion(text, &at)),
        None => (Verdict::Panic, explain::panic(text, &at)),
    };
    held(&FIRST_PANIC).get_or_insert(found);
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long the runtime's thread was parked, and how often. What it neither
/// parked nor ran nor stood in the scheduler's queue, it was blocked.
#[derive(Default)]
struct Parks {
    count: AtomicU64,
    parked_nanos: AtomicU64,
}

thread_local! {
    static STARTED: RefCell<Option<(Instant, Duration)>> = const { RefCell::new(None) };
    static PARKED: RefCell<Option<Instant>> = const { RefCell::new(None) };
}

impl Parks {
    fn start(&self) {
        STARTED.set(ran().map(|ran| (Instant::now(), ran)));
    }

    fn park(&self) {
        self.count.fetch_add(1, Relaxed);
        PARKED.set(Some(Instant::now()));
    }

    fn unpark(&self) {
        if let Some(since) = PARKED.take() {
            let nanos = since.elapsed().as_nanos() as u64;
            self.parked_nanos.fetch_add(nanos, Relaxed);
        }
    }

    /// Zero where the platform does not tell.
    fn blocked(&self) -> Duration {
        let (Some((since, before)), Some(after)) = (STARTED.take(), ran()) else {
            return Duration::ZERO;
        };
        let parked = Duration::from_nanos(self.parked_nanos.load(Relaxed));
        since.elapsed().saturating_sub(after.saturating_sub(before)).saturating_sub(parked)
    }
}

/// How long this thread ran or stood in the scheduler's queue (Linux).
fn ran() -> Option<Duration> {
    crate::tree::scheduled(&fs::read_to_string("/proc/thread-self/schedstat").ok()?)
}
