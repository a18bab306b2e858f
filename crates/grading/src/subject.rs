//! What all three processes know of the test at hand, and how one starts the next.

use std::{env, io, panic::Location, process::Command};

use crate::{Limits, wire::ROLE};

/// The part of the process that watches.
pub(crate) const GUARD: &str = "guard";
/// The part of the process that runs the student's code.
pub(crate) const STUDENT: &str = "student";

/// A test, without its body and its worth.
#[derive(Debug)]
pub(crate) struct Subject {
    /// The name of its `#[test]` function.
    pub name: &'static str,
    /// What it may take.
    pub limits: Limits,
    /// Where it is written.
    pub place: &'static Location<'static>,
}

impl Subject {
    /// This binary again, for this test, in another part.
    pub fn invocation(&self, role: &str) -> io::Result<Command> {
        let mut command = Command::new(env::current_exe()?);
        command
            .args([self.name, "--exact", "--include-ignored"])
            .args(["--nocapture", "--test-threads=1"])
            .env(ROLE, role);
        Ok(command)
    }
}

/// The test binary's name without cargo's hash: `gather-0123456789abcdef`.
pub(crate) fn exercise() -> String {
    let path = env::current_exe().unwrap_or_default();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    match stem.rsplit_once('-') {
        Some((name, _)) => name.to_owned(),
        None => stem.into_owned(),
    }
}
