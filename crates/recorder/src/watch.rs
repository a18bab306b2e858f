//! Watches a program that may never end, from a thread of its own.
//!
//! A program that is over writes its trace itself (`host`). This thread writes
//! it for one that is not: because nothing can happen any more, because a limit
//! is reached, because it aborts. It ends the process then.
//!
//! Nothing can happen any more when every thread waits for another one, without
//! a time limit: on Linux the system tells in which call each stands. Elsewhere
//! only the paused clock shows it, where a runtime that parks with no timer left
//! never wakes.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use recording::model::{Ending, Limit};

use crate::{recorder, system};

/// How often it looks.
const LOOK: Duration = Duration::from_millis(20);
/// For so long nothing has happened before a program counts as stuck.
const STILL: Duration = Duration::from_millis(160);
/// What is set aside, in bytes, to write the trace of a program that has used up
/// all memory.
const RESERVE: usize = 64 << 20;

/// A program that has more in memory, in bytes, is given up.
const MOST_MEMORY: usize = 400 << 20;

/// How many of the runtime's threads are parked.
static PARKED: AtomicUsize = AtomicUsize::new(0);
/// The runtime that was built last, for what it tells of itself.
static RUNTIME: Mutex<Option<tokio::runtime::Handle>> = Mutex::new(None);

/// A thread of the runtime is about to park.
pub(crate) fn parks() {
    PARKED.fetch_add(1, Ordering::Relaxed);
}

/// It goes on.
pub(crate) fn goes_on() {
    PARKED.fetch_sub(1, Ordering::Relaxed);
}

/// The program has built this runtime.
pub(crate) fn runtime(handle: &tokio::runtime::Handle) {
    *RUNTIME.lock().unwrap_or_else(|it| it.into_inner()) = Some(handle.clone());
}

/// Begins to watch; the program may run for so long.
pub(crate) fn begin(limit: Duration) {
    let mut reserve = Some(Vec::<u8>::with_capacity(RESERVE));
    system::catch();
    let watch = move || {
        let started = Instant::now();
        let mut before = (recorder::calls(), Instant::now());
        loop {
            std::thread::sleep(LOOK);
            if system::has_aborted() {
                drop(reserve.take());
                recorder::give_up(Ending::Aborted);
            }
            if system::resident().is_some_and(|bytes| bytes > MOST_MEMORY) {
                recorder::give_up(Ending::OutOfMemory);
            }
            if started.elapsed() > limit {
                let limit = Limit::Seconds(limit.as_secs());
                recorder::give_up(Ending::Cut { limit });
            }
            let events = recorder::calls();
            if events != before.0 || !is_still() || recorder::awaits_the_system() {
                before = (events, Instant::now());
            } else if before.1.elapsed() > STILL {
                recorder::give_up(Ending::Stuck);
            }
        }
    };
    let _ = std::thread::Builder::new().name("recorder".into()).spawn(watch);
}

/// Whether nothing can happen any more, by the look of it.
fn is_still() -> bool {
    let (idle, open) =
        RUNTIME.lock().unwrap_or_else(|it| it.into_inner()).as_ref().map_or((0, 0), idle_and_open);
    match system::all_wait(idle) {
        Some(all_wait) => all_wait && open == 0,
        // A clock that stands still has no other thread.
        None => {
            recorder::wants_paused_clock()
                && PARKED.load(Ordering::Relaxed) > 0
                && !recorder::awaits_a_timer()
        }
    }
}

/// How many idle threads the blocking pool has, which wait with a limit and then
/// end; and how many sockets and pipes are open, at which something outside of the
/// process may answer.
fn idle_and_open(_runtime: &tokio::runtime::Handle) -> (usize, u64) {
    #[cfg(tokio_unstable)]
    {
        let metrics = _runtime.metrics();
        let open = metrics.io_driver_fd_registered_count();
        let open = open.saturating_sub(metrics.io_driver_fd_deregistered_count());
        (metrics.num_idle_blocking_threads(), open)
    }
    #[cfg(not(tokio_unstable))]
    (0, 0)
}
