//! The `tokio` that a recorded program sees: tokio itself, but for the runtime.
//!
//! `#[tokio::main]` expands to `tokio::runtime::Builder`, so a program whose
//! `tokio` is this module builds its runtime here, on a paused clock if one was
//! asked for. The root future is wrapped as well: `block_on` on a
//! current-thread runtime wakes it through a waker that tokio does not
//! instrument.

pub use ::tokio::*;

/// tokio's `runtime`, with a [`Builder`](runtime::Builder) that may pause the
/// clock and a [`Runtime`](runtime::Runtime) that watches the root future.
pub mod runtime {
    use std::{
        future::Future,
        io,
        ops::{Deref, DerefMut},
        task::{Context, Waker},
    };

    use crate::{recorder, spans::Root, watch};

    pub use ::tokio::runtime::*;

    /// tokio's builder; it pauses the clock of a current-thread runtime when
    /// the recording asks for it.
    #[derive(Debug)]
    pub struct Builder {
        inner: ::tokio::runtime::Builder,
        one_thread: bool,
    }

    /// The setters return the builder they are called on, which has to be
    /// this one.
    macro_rules! setters {
        ($($name:ident($($argument:ident: $type:ty)?);)*) => {$(
            #[doc = concat!("See tokio's `Builder::", stringify!($name), "`.")]
            pub fn $name(&mut self $(, $argument: $type)?) -> &mut Self {
                self.inner.$name($($argument)?);
                self
            }
        )*};
    }

    impl Builder {
        /// A runtime on the calling thread.
        pub fn new_current_thread() -> Self {
            Self { inner: ::tokio::runtime::Builder::new_current_thread(), one_thread: true }
        }

        /// A runtime with worker threads. Its clock cannot be paused.
        pub fn new_multi_thread() -> Self {
            Self { inner: ::tokio::runtime::Builder::new_multi_thread(), one_thread: false }
        }

        setters! {
            enable_all();
            enable_io();
            enable_time();
            start_paused(paused: bool);
            worker_threads(count: usize);
            max_blocking_threads(count: usize);
            thread_name(name: impl Into<String>);
            thread_stack_size(bytes: usize);
            thread_keep_alive(duration: std::time::Duration);
            global_queue_interval(ticks: u32);
            event_interval(ticks: u32);
        }

        /// Builds the runtime.
        ///
        /// # Errors
        /// As tokio's own: the system refuses a thread or the I/O driver.
        pub fn build(&mut self) -> io::Result<Runtime> {
            if !self.one_thread {
                recorder::has_many_threads();
            } else if recorder::wants_paused_clock() {
                self.inner.enable_time().start_paused(true);
            }
            recorder::clock_starts_again();
            self.inner.on_thread_park(watch::parks).on_thread_unpark(watch::goes_on);
            let runtime = self.inner.build()?;
            watch::runtime(runtime.handle());
            if self.one_thread && recorder::wants_paused_clock() && !recorder::wants_whole_clock() {
                // In truth the clock never stands at a whole millisecond, where a
                // timer that is due now would be ready at its first poll.
                let off = std::time::Duration::from_micros(1);
                // (Polled by hand: a task would take the number of the program's first.)
                let _inside = runtime.enter();
                let mut moves = Box::pin(::tokio::time::advance(off));
                let mut context = Context::from_waker(Waker::noop());
                let _ = moves.as_mut().poll(&mut context);
            }
            Ok(Runtime(runtime))
        }
    }

    // What is not set above returns tokio's own builder, whose runtime is tokio's.
    impl Deref for Builder {
        type Target = ::tokio::runtime::Builder;
        fn deref(&self) -> &Self::Target {
            &self.inner
        }
    }

    impl DerefMut for Builder {
        fn deref_mut(&mut self) -> &mut Self::Target {
            &mut self.inner
        }
    }

    /// tokio's runtime; its `block_on` watches the wakes of the root future.
    #[derive(Debug)]
    pub struct Runtime(::tokio::runtime::Runtime);

    impl Runtime {
        /// A multi-thread runtime with everything enabled.
        ///
        /// # Errors
        /// As tokio's own: the system refuses a thread or the I/O driver.
        pub fn new() -> io::Result<Self> {
            Builder::new_multi_thread().enable_all().build()
        }

        /// Runs the future to its end on this thread.
        #[track_caller]
        pub fn block_on<F: Future>(&self, future: F) -> F::Output {
            self.0.block_on(Root::new(future))
        }

        /// Ends the runtime; waits for the blocking pool at most so long.
        pub fn shutdown_timeout(self, duration: std::time::Duration) {
            self.0.shutdown_timeout(duration);
        }

        /// Ends the runtime without waiting for the blocking pool.
        pub fn shutdown_background(self) {
            self.0.shutdown_background();
        }
    }

    impl Deref for Runtime {
        type Target = ::tokio::runtime::Runtime;
        fn deref(&self) -> &Self::Target {
            &self.0
        }
    }

    impl DerefMut for Runtime {
        fn deref_mut(&mut self) -> &mut Self::Target {
            &mut self.0
        }
    }
}

/// tokio's `time`, with timers that tell what they were asked for: tokio itself
/// tells milliseconds, rounded up.
pub mod time {
    use std::future::IntoFuture;

    use crate::recorder::{Asked, Due, Maker, asking};

    pub use ::tokio::time::*;

    fn asked(by: Maker, due: Due, period: Option<Duration>) -> Asked {
        Asked { by, due, period }
    }

    /// See tokio's; a clock that the recorder has paused stays so.
    #[track_caller]
    pub fn pause() {
        if !crate::recorder::wants_paused_clock() {
            ::tokio::time::pause();
        }
    }

    /// See tokio's.
    #[track_caller]
    pub fn sleep(duration: Duration) -> Sleep {
        let asked = asked(Maker::Sleep, Due::After(duration), None);
        asking(asked, || ::tokio::time::sleep(duration))
    }

    /// See tokio's.
    #[track_caller]
    pub fn sleep_until(deadline: Instant) -> Sleep {
        let asked = asked(Maker::Sleep, Due::At(deadline), None);
        asking(asked, || ::tokio::time::sleep_until(deadline))
    }

    /// See tokio's.
    #[track_caller]
    pub fn timeout<F: IntoFuture>(duration: Duration, future: F) -> Timeout<F::IntoFuture> {
        let asked = asked(Maker::Timeout, Due::After(duration), None);
        let future = future.into_future();
        asking(asked, || ::tokio::time::timeout(duration, future))
    }

    /// See tokio's.
    #[track_caller]
    pub fn timeout_at<F: IntoFuture>(deadline: Instant, future: F) -> Timeout<F::IntoFuture> {
        let asked = asked(Maker::Timeout, Due::At(deadline), None);
        let future = future.into_future();
        asking(asked, || ::tokio::time::timeout_at(deadline, future))
    }

    /// See tokio's.
    #[track_caller]
    pub fn interval(period: Duration) -> Interval {
        let asked = asked(Maker::Interval, Due::After(Duration::ZERO), Some(period));
        asking(asked, || ::tokio::time::interval(period))
    }

    /// See tokio's.
    #[track_caller]
    pub fn interval_at(start: Instant, period: Duration) -> Interval {
        let asked = asked(Maker::Interval, Due::At(start), Some(period));
        asking(asked, || ::tokio::time::interval_at(start, period))
    }
}

/// Takes a printed text (without the end of the line for `println!`) away from
/// standard output and into the recording, if there is one: a process that the
/// program started prints as any other. The programs' `println!` and `print!`
/// expand to it.
pub fn print(text: std::fmt::Arguments<'_>, file: &str, line: u32, ends: bool) {
    // What was written before, and stands in std's own buffer.
    let _ = std::io::Write::flush(&mut std::io::stdout());
    if !crate::recorder::print(&text.to_string(), file, line, ends) {
        std::print!("{text}{}", if ends { "\n" } else { "" });
    }
}
