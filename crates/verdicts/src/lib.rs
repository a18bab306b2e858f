//! What became of exercises: compiles them with cargo, runs their tests, and
//! reads the line that each test adds to its report.
//!
//! A package is an exercise: a library and one test binary. All packages go
//! to one call of cargo, which goes on when one of them does not compile; a
//! test binary runs as soon as cargo has made it. Cargo and the tests each
//! run in a process group of their own, which is killed when the future is
//! dropped.
//!
//! What the student's code can reach can only cost it points. A test that is
//! in the binary's list and not in the report has failed. So has one that the
//! test process did not call `ok`, over a socket that nobody else can open:
//! nothing is gained by writing to the report.
//!
//! It knows not who asks, nor what a chapter is:
//!
//! - `options`: what to check, and how.
//! - `check`: packages, from cargo to their verdicts.
//! - `cargo`: one call of cargo, and what it says of each package.
//! - `binary`: a test binary, run, and its report.
//! - `checked`: what became of a package.
//! - `group`: a process and all that it starts.

mod binary;
mod cargo;
mod check;
mod checked;
mod group;
mod options;

pub use check::{check, check_all};
pub use checked::{Checked, Compiled, News, Progress, compiles_too_long};
pub use options::{Options, Workspace};
