//! What to check, and how.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// A cargo workspace, and where it is built.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The folder of its `Cargo.toml`.
    pub root: PathBuf,
    /// `CARGO_TARGET_DIR`, or `None` for what cargo would use by itself.
    pub target: Option<PathBuf>,
}

/// How to check.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether rustc's messages are coloured.
    pub colour: bool,
    /// Further arguments for cargo, such as `--offline`.
    pub arguments: Vec<OsString>,
    /// Further environment, for cargo and for the tests.
    pub environment: Vec<(OsString, OsString)>,
    /// A program and its arguments that start each test binary: it gets the
    /// binary's path and arguments after its own. None if empty.
    pub launcher: Vec<OsString>,
    /// How many test binaries run side by side.
    pub jobs: usize,
    /// How long cargo may take for all packages together.
    pub compile_limit: Option<Duration>,
    /// How long one test binary may take. Each test has a limit of its own:
    /// this one is for code that runs where there is no guard.
    pub run_limit: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            colour: false,
            arguments: Vec::new(),
            environment: Vec::new(),
            launcher: Vec::new(),
            jobs: 1,
            compile_limit: None,
            run_limit: Duration::from_secs(120),
        }
    }
}
