//! The `main` of an executable that holds a program to be recorded.

use std::{
    io::Write,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use recording::model::Trace;

use crate::{recorder, spans};

/// The program that is compiled in.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// Its file's name without the ending.
    pub name: &'static str,
    /// Its path as a reader knows it, with slashes.
    pub file: &'static str,
    /// Its text.
    pub source: &'static str,
    /// Why it cannot run on the paused clock; `None` if it can.
    pub why_real: Option<&'static str>,
    /// Its `main`.
    pub run: fn() -> ExitCode,
}

/// Set, the program is to be recorded. Whatever it starts does not inherit it: a
/// program may start its own executable again.
pub const PERFORM: &str = "WB_PERFORM";

/// Begins the line that carries the trace, so that nothing a program writes past
/// its `println!` can be taken for it.
pub const MARK: &str = "\u{1}trace ";

/// Records the program, and writes its trace as the last line of standard
/// output; or runs it, if nobody asked for a recording.
pub fn main(program: Program) -> ExitCode {
    if std::env::var_os(PERFORM).is_none() {
        return (program.run)();
    }
    // SAFETY: `main` has begun, and there is no other thread yet.
    unsafe { std::env::remove_var(PERFORM) };
    end_with_parent();
    match write(&perform(&program)) {
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
    let _ = std::backtrace::Backtrace::force_capture().to_string();
    recorder::start(program.name, program.file, program.source, program.why_real);
    let failure = match catch_unwind(AssertUnwindSafe(program.run)) {
        Ok(code) if code == ExitCode::SUCCESS => None,
        Ok(_) => Some("main returned an error".to_owned()),
        Err(panic) => Some(format!("main panicked: {}", panic_message(&*panic))),
    };
    recorder::finish(failure)
}

fn write(trace: &Option<Trace>) -> std::io::Result<()> {
    let Some(trace) = trace else { return Ok(()) };
    let json = serde_json::to_string(trace)?;
    let mut out = std::io::stdout().lock();
    // A program may have left its last line open.
    writeln!(out, "\n{MARK}{json}")?;
    out.flush()
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
