//! The whole of what a test printed, in a file: the terminal shows its
//! beginning and its end.

use std::ffi::OsString;

use project::Project;

/// The variable for the tests, which keep there what they do not show.
pub fn keep_in(project: &Project) -> (OsString, OsString) {
    let folder = project.scratch().join("printed");
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    (grading::printed::FOLDER.into(), folder.into())
}
