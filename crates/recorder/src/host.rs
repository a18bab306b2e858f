//! The `main` of an executable that holds a program to be recorded.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    time::Duration,
};

use recording::model::Ending;

pub use crate::program::{Compiled, Program, Source};

use crate::{program, recorder, spans, watch};

/// Set, the program is to be recorded. Whatever it starts does not inherit it: a
/// program may start its own executable again.
pub const PERFORM: &str = "WB_PERFORM";

/// How long it may run, in milliseconds of real time; without it, for ever.
pub const LIMIT: &str = "WB_LIMIT";

/// Names a file that describes the program around the recorder (a [`Program`] as
/// JSON), for one whose `main` is its own.
pub const PROGRAM: &str = "WB_PROGRAM";

/// Records the program, and writes its trace as the last line of standard
/// output; or runs it, if nobody asked for a recording.
pub fn main(program: Compiled) -> ExitCode {
    if std::env::var_os(PERFORM).is_none() {
        return (program.run)();
    }
    begin((&program).into(), program.run as usize);
    extern "C" fn exits() {
        recorder::write_down(Ending::Exited { code: None });
    }
    at_exit(exits);
    let ending = match catch_unwind(AssertUnwindSafe(program.run)) {
        Ok(code) if code == ExitCode::SUCCESS => Ending::Returned,
        Ok(_) => Ending::Error { message: None },
        Err(panic) => Ending::Panicked { message: panic_message(&*panic).to_owned() },
    };
    match program::write(&recorder::finish(ending)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Begins to record a program whose `main` is its own, before that is called. The
/// trace is written when the process exits; how it did, its exit code tells.
pub extern "C" fn begin_before_main() {
    let file = std::env::var_os(PERFORM).and_then(|_| std::env::var_os(PROGRAM));
    let program = file.and_then(|file| std::fs::read(file).ok());
    let Some(program) = program.and_then(|json| serde_json::from_slice(&json).ok()) else {
        return;
    };
    begin(program, begin_before_main as *const () as usize);
    extern "C" fn exits() {
        recorder::write_down(Ending::Returned);
    }
    at_exit(exits);
}

/// Whoever records may be interrupted or killed; this process ends then.
fn end_with_parent() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
}

/// `code` is an address in the program's code.
fn begin(program: Program, code: usize) {
    end_with_parent();
    spans::listen();
    let limit = std::env::var(LIMIT).ok().and_then(|limit| limit.parse().ok());
    // SAFETY: `main` has begun or not even that, and there is no other thread yet.
    unsafe {
        std::env::remove_var(PERFORM);
        std::env::remove_var(LIMIT);
        std::env::remove_var(PROGRAM);
    }
    recorder::start(program);
    warm_up(code);
    recorder::begins();
    watch::begin(limit.map_or(Duration::MAX, Duration::from_millis));
}

/// The first call stacks load the debug information, which takes a while that is
/// not to be the program's: those of a task, of a timer, and its own.
fn warm_up(code: usize) {
    backtrace::resolve(std::ptr::without_provenance_mut(code), |_| {});
    let look = || {
        recorder::with(|recorder| recorder.look());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(spans::Root::new(async move {
        let task = tokio::spawn(async move {
            tokio::task::yield_now().await;
            look();
        });
        tokio::select! {
            _ = tokio::time::sleep(Duration::from_millis(1)) => look(),
            _ = std::future::pending::<()>() => {}
        }
        let (answer, question) = tokio::sync::oneshot::channel();
        let _ = answer.send(());
        let _ = question.await;
        let _ = task.await;
        look();
    }));
}

/// A program that calls `exit` has a trace, too.
fn at_exit(write: extern "C" fn()) {
    #[cfg(unix)]
    // SAFETY: the function lives as long as the process.
    unsafe {
        libc::atexit(write);
    }
    let _ = write;
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
