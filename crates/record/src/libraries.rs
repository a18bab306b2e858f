//! What programs are compiled with: the recorder, and all that it and they
//! stand on, built by cargo with tokio's instrumentation.
//!
//! They lie in a target folder of their own. So an ordinary `cargo run` never
//! waits for them, and the programs that a reader runs stand on plain tokio.

use std::path::Path;

use rustc::{Libraries, LibrariesError, Wanted};

use crate::Stand;

/// tokio compiles its instrumentation in only under this flag, which changes
/// nothing else in a program. (An environment variable, since it replaces the
/// flags of any configuration; U+001F parts its words.)
pub(crate) const FLAGS: (&str, &str) = ("CARGO_ENCODED_RUSTFLAGS", "--cfg\u{1f}tokio_unstable");

/// What cargo is asked to build for every program.
const RECORDER: [&str; 7] =
    ["--lib", "--package", "recorder", "--package", "staged-tokio", "--package", "plain-tokio"];

impl Stand {
    /// The package whose dependencies a program may use, and its folder.
    fn package(self) -> (&'static str, &'static str) {
        match self {
            Stand::Light | Stand::Exercises => ("async-rust-workbook", ""),
            Stand::Applications => ("applications", "examples/applications"),
        }
    }

    /// What cargo is asked to build beside the recorder.
    fn selection(self) -> &'static [&'static str] {
        match self {
            Stand::Light => &[],
            Stand::Exercises => &["--package", "grading"],
            Stand::Applications => {
                &["--package", "applications", "--features", "applications/recorded"]
            }
        }
    }

    /// The libraries of the workspace at `root`, built in `target`; see
    /// [`Libraries::build`].
    pub(crate) fn libraries(
        self,
        root: &Path,
        target: &Path,
        tell: Option<&mut dyn FnMut(&str)>,
    ) -> Result<Libraries, LibrariesError> {
        let build = [&RECORDER, self.selection()].concat();
        let wanted = Wanted {
            root,
            target,
            build: &build,
            environment: Some(FLAGS),
            package: self.package(),
            also: &["recorder", "staged-tokio", "plain-tokio", "grading"],
        };
        Libraries::build(&wanted, tell)
    }
}
