//! The program that is recorded, and where its trace goes.

use std::io::Write;

use recording::model::{SourceFile, Trace};
use serde::{Deserialize, Serialize};

/// What the recorder has to know of the program around it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Program {
    /// What it is called.
    pub name: String,
    /// The path of its main file as a reader knows it, with slashes.
    pub file: String,
    /// Its files, in the order of their texts in `source`.
    pub files: Vec<Source>,
    /// Its text: that of all its files, one after the other.
    pub source: String,
    /// Why it cannot run on the paused clock; `None` if it can.
    pub why_real: Option<String>,
}

/// A file of the program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Source {
    /// What is shown of it.
    pub shown: SourceFile,
    /// Its path as the compiler may name it.
    pub paths: Vec<String>,
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
