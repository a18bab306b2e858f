//! What a test adds to the report file, one JSON object a line.

use std::{
    env,
    fs::OpenOptions,
    io::{self, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};

use crate::{Text, Verdict};

/// The version of [`Entry`]. It grows when a field changes its meaning or
/// goes; a new field alone does not change it.
pub const VERSION: u32 = 1;

/// The environment variable that names the report file.
pub const REPORT: &str = "WB_REPORT";

/// One line of the report: what became of one test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// [`VERSION`].
    pub version: u32,
    /// The exercise, which is the name of its test binary.
    pub exercise: String,
    /// The test within the exercise.
    pub test: String,
    /// How it ended.
    pub verdict: Verdict,
    /// What the learner reads; empty when the test passed.
    pub message: Text,
    /// The points earned.
    pub points: u32,
    /// The points that the test is worth.
    pub out_of: u32,
    /// How far the paused clock had come, in milliseconds, where that is
    /// known.
    pub virtual_ms: Option<u64>,
    /// How long the test took on the wall clock, in milliseconds.
    pub real_ms: u64,
    /// What the test printed, without what [`Entry::cut`] tells of.
    pub output: String,
    /// What is left out of it, if anything is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<Cut>,
    /// The limits that this platform could not set.
    pub missing: Vec<String>,
}

/// What is left out of [`Entry::output`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// So many lines stand before the gap.
    pub after: usize,
    /// So many lines are left out; none if only long lines were cut.
    pub lines: usize,
    /// How long all of it was, in bytes.
    pub bytes: usize,
    /// The file that holds all of it.
    pub file: Option<String>,
}

impl Entry {
    /// Appends the entry to the file that [`REPORT`] names, if it names one.
    ///
    /// # Errors
    /// When the file cannot be opened or written.
    pub fn append(&self) -> io::Result<()> {
        match env::var_os(REPORT) {
            Some(path) if !path.is_empty() => self.append_to(Path::new(&path)),
            _ => Ok(()),
        }
    }

    fn append_to(&self, path: &Path) -> io::Result<()> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        // One write to a file opened for appending: tests that end at the
        // same moment do not mix their lines.
        OpenOptions::new().create(true).append(true).open(path)?.write_all(&line)
    }
}
