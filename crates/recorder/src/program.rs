//! The program that is recorded, and where its trace goes.

use std::{io::Write, process::ExitCode};

use recording::model::Trace;

/// The program that is compiled in.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// Its file's name without the ending.
    pub name: &'static str,
    /// Its path as a reader knows it, with slashes.
    pub file: &'static str,
    /// Where it lies, as the compiler names it: a file, or a folder of them.
    pub path: &'static str,
    /// Its text.
    pub source: &'static str,
    /// Why it cannot run on the paused clock; `None` if it can.
    pub why_real: Option<&'static str>,
    /// Its `main`.
    pub run: fn() -> ExitCode,
}

/// Begins the line that carries the trace, so that nothing a program writes past
/// its `println!` can be taken for it.
const MARK: &str = "\u{1}trace ";

/// Writes the trace as the last line of standard output.
pub(crate) fn write(trace: &Option<Trace>) -> std::io::Result<()> {
    let Some(trace) = trace else { return Ok(()) };
    let json = serde_json::to_string(trace)?;
    let mut out = std::io::stdout().lock();
    // A program may have left its last line open.
    writeln!(out, "\n{MARK}{json}")?;
    out.flush()
}
