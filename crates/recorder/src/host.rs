//! The `main` of an executable that holds a program to be recorded.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    time::Duration,
};

use recording::model::{Ending, Trace};

pub use crate::program::Program;

use crate::{program, recorder, spans, watch};

/// Set, the program is to be recorded. Whatever it starts does not inherit it: a
/// program may start its own executable again.
pub const PERFORM: &str = "WB_PERFORM";

/// How long it may run, in milliseconds of real time; without it, for ever.
pub const LIMIT: &str = "WB_LIMIT";

/// Records the program, and writes its trace as the last line of standard
/// output; or runs it, if nobody asked for a recording.
pub fn main(program: Program) -> ExitCode {
    if std::env::var_os(PERFORM).is_none() {
        return (program.run)();
    }
    end_with_parent();
    match program::write(&perform(&program)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Whoever records may be interrupted or killed; this process ends then.
fn end_with_parent() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
}

fn perform(program: &Program) -> Option<Trace> {
    spans::listen();
    // The first call stack loads the debug information, which takes a while
    // that is not to be the program's.
    backtrace::trace(|frame| {
        backtrace::resolve_frame(frame, |_| {});
        true
    });
    recorder::start(program);
    let limit = std::env::var(LIMIT).ok().and_then(|limit| limit.parse().ok());
    // SAFETY: `main` has begun, and there is no other thread yet.
    unsafe {
        std::env::remove_var(PERFORM);
        std::env::remove_var(LIMIT);
    }
    watch::begin(limit.map_or(Duration::MAX, Duration::from_millis));
    at_exit();
    let ending = match catch_unwind(AssertUnwindSafe(program.run)) {
        Ok(code) if code == ExitCode::SUCCESS => Ending::Returned,
        Ok(_) => Ending::Error { message: None },
        Err(panic) => Ending::Panicked { message: panic_message(&*panic).to_owned() },
    };
    recorder::finish(ending)
}

/// A program that calls `exit` has a trace, too.
fn at_exit() {
    extern "C" fn exits() {
        recorder::write_down(Ending::Exited { code: None });
    }
    #[cfg(unix)]
    // SAFETY: the function lives as long as the process.
    unsafe {
        libc::atexit(exits);
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
