//! The starter again, with a backup of the answer.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{exercise::Exercise, show};
use crate::{
    locale::t,
    project::{Project, unreadable},
};

/// Puts the starter in the place of the answer, and keeps the answer as
/// `.workbook/backups/NAME/1.rs`, `2.rs`, …
///
/// # Errors
///
/// There is no such exercise, or a file cannot be read or written. What
/// cannot be backed up is not replaced.
pub fn reset(project: &Project, name: &str) -> Result<()> {
    let exercise = Exercise::named(project, name)?;
    let (answer, starter) = (exercise.source()?, exercise.starter()?);
    let path = exercise.shown_answer();
    if answer == starter {
        show::print(&t(
            format!("{path} 就是起始文件，没有改动。\n"),
            format!("{path} is the starter already.\n"),
        ));
        return Ok(());
    }
    let folder = super::folder(project).join("backups").join(name);
    let backup = keep(&folder, &answer).with_context(|| {
        let shown = folder.display();
        t(
            format!("{shown} 写不了，所以没有动你的文件"),
            format!("cannot write {shown}, so your file is as it was"),
        )
    })?;
    // Into the file that is there: an editor that has it open goes on with it.
    fs::write(exercise.answer(), starter).with_context(|| unreadable(&exercise.answer()))?;
    let backup = backup.strip_prefix(&project.root).unwrap_or(&backup);
    let backup = backup.to_string_lossy().replace('\\', "/");
    show::print(&t(
        format!("{path} 恢复成了起始文件；你原来的答案在 {backup}。\n"),
        format!("{path} is the starter again; your answer is kept in {backup}.\n"),
    ));
    Ok(())
}

/// Writes a numbered file that was not there.
fn keep(folder: &Path, answer: &[u8]) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    for number in 1.. {
        let path = folder.join(format!("{number}.rs"));
        match File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(answer)?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.into()),
        }
    }
    unreachable!("there are enough numbers")
}
