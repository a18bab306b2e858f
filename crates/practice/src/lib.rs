//! What a learner does with the exercises: check, watch, ask for a hint, begin
//! again, compare with the solution, and see how far it is. It knows one learner, and
//! nothing of a class.
//!
//! - [`check`]: the verdicts on one answer or on many; [`watch`]: at every save.
//! - [`belief`]: the belief behind a failure.
//! - [`show`]: the verdicts on an answer, as a learner reads them.
//! - [`printed`]: the whole of what a test printed, in a file.
//! - [`help`]: hints and solutions; [`reset`]: the starter again, with a backup.
//! - [`page`]: the same file and the same progress, from a page of the book.
//! - [`state`]: what is remembered, in files written by `whole`, whole or not at all.
//! - [`progress`]: the table of all exercises.
//! - [`terminal`]: how all of this looks in a terminal.
//!
//! An answer is the file `exercises/NAME/src/lib.rs`. What is remembered, and
//! the backups, lie in `.workbook/` at the root: git ignores it, and `cargo
//! clean` leaves it alone.

pub mod belief;
pub mod check;
pub mod help;
pub mod page;
pub mod printed;
pub mod progress;
pub mod reset;
pub mod show;
pub mod state;
pub mod terminal;
pub mod watch;
mod whole;

use std::path::PathBuf;

use project::Project;

/// The folder of what cannot be made again.
pub fn folder(project: &Project) -> PathBuf {
    project.root.join(".workbook")
}
