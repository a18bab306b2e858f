//! The program that is recorded, and where its trace goes.

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
    /// Whether its paused clock stands at whole milliseconds, as that of the
    /// exercises' harness does: a timer that is due now is ready at its first poll.
    #[serde(default)]
    pub whole: bool,
    /// Where its trace is to be written.
    pub trace: String,
    /// The file that is its standard output.
    pub output: String,
}

/// A file of the program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Source {
    /// What is shown of it.
    pub shown: SourceFile,
    /// Its path as the compiler may name it.
    pub paths: Vec<String>,
}

/// Writes the trace.
pub(crate) fn write(trace: &Trace, path: &str) -> std::io::Result<()> {
    std::fs::write(path, serde_json::to_vec(trace)?)
}
