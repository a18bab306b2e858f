//! The starter again, with a backup of the answer.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use exercises::Exercise;
use project::Project;
use project::locale::t;

use crate::{state, terminal, whole};

/// Puts the starter in the place of the answer, and keeps the answer as
/// `.workbook/backups/NAME/1.rs`, `2.rs`, … Whatever else stands in its place
/// (a folder, a file that cannot be read) is moved there.
///
/// # Errors
///
/// There is no such exercise, or a file cannot be read or written. What
/// cannot be backed up is not replaced.
pub fn reset(project: &Project, name: &str) -> Result<()> {
    let exercise = Exercise::named(project, name)?;
    let starter = exercise.starter()?;
    let (file, path) = (exercise.answer(), exercise.shown_answer());
    if exercise.source().is_ok_and(|answer| answer == starter.as_bytes()) {
        terminal::print(&t(
            format!("{path} 就是起始文件，没有改动。\n"),
            format!("{path} is the starter already.\n"),
        ));
        return Ok(());
    }
    let source = file.parent().context("a file has a folder")?;
    for place in [source, &backups(project, &exercise).join("1.rs")] {
        project.expect_own_folders(place)?;
    }
    // Alone: two at once would take the same number.
    let backup = state::alone(project, || {
        let backup = keep(project, &exercise)?;
        let written = file.parent().map_or(Ok(()), fs::create_dir_all);
        written
            .and_then(|()| whole::write(&file, starter.as_bytes()))
            .with_context(|| t(format!("{path} 写不了"), format!("cannot write {path}")))?;
        Ok(backup)
    })?;
    terminal::print(&match backup.map(|backup| project.shown(&backup)) {
        Some(backup) => t(
            format!("{path} 恢复成了起始文件；你原来的答案在 {backup}。\n"),
            format!("{path} is the starter again; your answer is kept in {backup}.\n"),
        ),
        None => t(
            format!("{path} 原来不见了，现在是起始文件。\n"),
            format!("{path} was missing; it is the starter again.\n"),
        ),
    });
    Ok(())
}

fn backups(project: &Project, exercise: &Exercise) -> PathBuf {
    super::folder(project).join("backups").join(&exercise.name)
}

/// Keeps what stands in the place of the answer, if anything does.
fn keep(project: &Project, exercise: &Exercise) -> Result<Option<PathBuf>> {
    let folder = backups(project, exercise);
    let file = exercise.answer();
    let source = file.parent().context("a file has a folder")?;
    let kept = || -> io::Result<Option<PathBuf>> {
        // Nor through a link to a folder that is somebody else's.
        if source.symlink_metadata().is_ok_and(|found| !found.is_dir()) {
            return move_to(&folder, source).map(Some);
        }
        match exercise.source() {
            Ok(answer) => copy_to(&folder, &answer).map(Some),
            Err(_) if is_there(&file) => move_to(&folder, &file).map(Some),
            Err(_) => Ok(None),
        }
    };
    kept().with_context(|| {
        let shown = project.shown(&folder);
        t(
            format!("{shown} 写不了，所以没有动你的文件"),
            format!("cannot write {shown}, so your file is as it was"),
        )
    })
}

/// Writes a numbered file that was not there, whole or not at all.
fn copy_to(folder: &Path, answer: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = free(folder, "rs");
    whole::write(&path, answer)?;
    Ok(path)
}

/// Moves something there that is no file that can be read.
fn move_to(folder: &Path, thing: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = free(folder, if thing.is_dir() { "folder" } else { "rs" });
    fs::rename(thing, &path)?;
    Ok(path)
}

/// The first number whose name is free.
fn free(folder: &Path, ending: &str) -> PathBuf {
    (1..)
        .map(|number| folder.join(format!("{number}.{ending}")))
        .find(|path| !is_there(path))
        .expect("there are enough numbers")
}

/// Also for a link that leads nowhere.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
