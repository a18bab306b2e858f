//! For whoever runs the recorder's binary: runs it and reads what it prints.

use std::{ffi::OsStr, io, path::Path, process::Command};

use crate::model::{Trace, Traces, VERSION};

/// Why there are no traces.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The binary is not there or cannot be run.
    #[error("cannot run the recorder: {0}")]
    Run(#[from] io::Error),
    /// The binary ended with an error of its own.
    #[error("the recorder failed: {0}")]
    Failed(String),
    /// What it printed is not a list of traces.
    #[error("the recorder's output cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// It was built from another version of this crate.
    #[error("the recorder speaks version {0} of the model, not {VERSION}: build it again")]
    Version(u32),
}

/// Runs the recorder, `target/debug/timeline`, on the named programs, or on all
/// if there are none, and returns their traces.
///
/// A program that fails has a trace too, with the reason in
/// [`Trace::failure`].
///
/// # Errors
/// See [`RecordError`].
pub fn record<S: AsRef<OsStr>>(binary: &Path, names: &[S]) -> Result<Vec<Trace>, RecordError> {
    let output = Command::new(binary).arg("record").args(names).output()?;
    if !output.status.success() {
        return Err(RecordError::Failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    parse(&output.stdout)
}

/// The names of the programs that a recorder holds.
///
/// # Errors
/// See [`RecordError`].
pub fn list(binary: &Path) -> Result<Vec<String>, RecordError> {
    let output = Command::new(binary).arg("list").output()?;
    if !output.status.success() {
        return Err(RecordError::Failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(|line| line.split('\t').next()).map(str::to_owned).collect())
}

/// Reads what the recorder prints.
///
/// # Errors
/// If it is not JSON, or of another version.
pub fn parse(json: &[u8]) -> Result<Vec<Trace>, RecordError> {
    let traces: Traces = serde_json::from_slice(json)?;
    if traces.version != VERSION {
        return Err(RecordError::Version(traces.version));
    }
    Ok(traces.traces)
}
