//! The `std` that a program with an event loop of its own sees: std itself,
//! but for the clock and for the map that it keeps its tasks in.
//!
//! tokio's instrumentation says nothing of such a program, so its futures are
//! wrapped where it hands them over: a [`collections::HashMap`] of pinned
//! futures tells of each that is put in, of its polls, its waker and its end.
//! The clock stands still while anything runs; [`thread::sleep`] moves it on.

pub use ::std::*;

use crate::{recorder, spans};
use ::std::{
    cell::Cell,
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

/// std's `collections`, with a [`HashMap`](collections::HashMap) that watches
/// the tasks in it.
pub mod collections {
    use ::std::{
        hash::Hash,
        ops::{Deref, DerefMut},
    };

    pub use ::std::collections::*;

    use super::Watch;

    /// std's map; what is inserted is watched.
    #[derive(Debug)]
    pub struct HashMap<K, V>(::std::collections::HashMap<K, V>);

    impl<K, V> Default for HashMap<K, V> {
        fn default() -> Self {
            Self(::std::collections::HashMap::default())
        }
    }

    impl<K: Eq + Hash, V: Watch> HashMap<K, V> {
        /// An empty map.
        pub fn new() -> Self {
            Self::default()
        }

        /// As std's: the value that the key had is returned.
        pub fn insert(&mut self, key: K, value: V) -> Option<V> {
            self.0.insert(key, value.watch())
        }
    }

    impl<K, V> Deref for HashMap<K, V> {
        type Target = ::std::collections::HashMap<K, V>;
        fn deref(&self) -> &Self::Target {
            &self.0
        }
    }

    impl<K, V> DerefMut for HashMap<K, V> {
        fn deref_mut(&mut self) -> &mut Self::Target {
            &mut self.0
        }
    }
}

/// std's `thread`, with a sleep that takes no time.
pub mod thread {
    pub use ::std::thread::*;

    /// Moves the trace's clock on.
    pub fn sleep(duration: ::std::time::Duration) {
        crate::recorder::advance(duration);
    }
}

/// std's `time`, with the trace's clock.
pub mod time {
    use ::std::ops::{Add, Sub};

    pub use ::std::time::*;

    /// A moment of the trace's clock.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Instant(Duration);

    impl Instant {
        /// The time since the recording began.
        pub fn now() -> Self {
            Self(crate::recorder::clock())
        }

        /// The time since then.
        pub fn elapsed(&self) -> Duration {
            Self::now().duration_since(*self)
        }

        /// The time since the earlier moment; none, if it is later.
        pub fn duration_since(&self, earlier: Self) -> Duration {
            self.0.saturating_sub(earlier.0)
        }

        /// As `duration_since`.
        pub fn saturating_duration_since(&self, earlier: Self) -> Duration {
            self.duration_since(earlier)
        }
    }

    impl Add<Duration> for Instant {
        type Output = Self;
        fn add(self, duration: Duration) -> Self {
            Self(self.0 + duration)
        }
    }

    impl Sub for Instant {
        type Output = Duration;
        fn sub(self, earlier: Self) -> Duration {
            self.duration_since(earlier)
        }
    }
}

/// What a map can watch.
pub trait Watch {
    /// The same, watched.
    fn watch(self) -> Self;
}

impl Watch for Pin<Box<dyn Future<Output = ()>>> {
    fn watch(self) -> Self {
        thread_local! { static NEXT: Cell<u64> = const { Cell::new(1) }; }
        let span = NEXT.replace(NEXT.get() + 1);
        recorder::with(|recorder| recorder.spawned_by_hand(span));
        Box::pin(Task { span, future: self, done: false })
    }
}

/// A task of the program's own event loop.
struct Task {
    span: u64,
    future: Pin<Box<dyn Future<Output = ()>>>,
    done: bool,
}

impl Future for Task {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        recorder::with(|recorder| recorder.entered(self.span));
        let waker = spans::watched(self.span, context.waker().clone());
        let poll = poll_task(&mut self.future, &waker);
        self.done = poll.is_ready();
        recorder::with(|recorder| recorder.exited(self.span));
        poll
    }
}

/// Under this name, the call stack shows where the task begins.
#[inline(never)]
fn poll_task(future: &mut Pin<Box<dyn Future<Output = ()>>>, waker: &Waker) -> Poll<()> {
    future.as_mut().poll(&mut Context::from_waker(waker))
}

impl Drop for Task {
    fn drop(&mut self) {
        // As tokio tells it: a task is entered once more to be dropped.
        if self.done {
            recorder::with(|recorder| recorder.entered(self.span));
            recorder::with(|recorder| recorder.exited(self.span));
            recorder::with(|recorder| recorder.closed(self.span));
        }
    }
}
