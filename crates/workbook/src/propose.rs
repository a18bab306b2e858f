//! A change that a page proposes, tried in a terminal.

use std::io::{ErrorKind, Write};

use anyhow::{Context, Result, bail};
use changes::{Change, Sign};
use console::style;
use project::locale::t;
use project::{OWN_PROGRAMS, Project, files};

use crate::trace::{lanes, print};

/// Prints the changes of a program by their names; or one of them, runs the changed
/// program and shows its lanes. `keep` leaves it as a file of the reader's own.
///
/// # Errors
///
/// There is no such program or change, or a file of the reader's has the name already.
pub fn show(project: &Project, name: &str, id: Option<&str>, keep: bool) -> Result<()> {
    let Some(id) = id else { return list(project, name) };
    let change = changes::named(project, name, id)?;
    let old = unchanged(project, name)?;
    let new = change.apply(&old)?;
    // Before anything is run: it may not be possible.
    let kept = keep.then(|| leave(project, &change, &new)).transpose()?;
    print(&lines(&old, &new))?;
    let recording = snapshots::changed::record_changes(project, &[change], 1)?.remove(0)?;
    print(&format!("\n{}", lanes(&recording.trace)))?;
    if let Some(name) = kept {
        let shown = format!("{OWN_PROGRAMS}/{name}.rs");
        let run = format!("cargo run -p own --bin {name}");
        eprintln!(
            "{}",
            t(
                format!("留在 {shown}，接着改：{run}"),
                format!("It is kept as {shown}; go on with it: {run}")
            )
        );
    }
    Ok(())
}

fn unchanged(project: &Project, name: &str) -> Result<String> {
    let path = project.program(name);
    std::fs::read_to_string(&path).with_context(|| files::unreadable(&path))
}

fn list(project: &Project, name: &str) -> Result<()> {
    project.expect_program(name)?;
    let all = changes::of(project, name)?;
    if all.is_empty() {
        bail!(t(
            format!("这本书没有提出对 {name} 的修改。"),
            format!("The book proposes no change of {name}."),
        ));
    }
    let old = unchanged(project, name)?;
    for change in all {
        let command = format!("cargo run -- try {name} {}", change.id);
        print(&format!("{}\n{}\n", style(command).bold(), lines(&old, &change.apply(&old)?)))?;
    }
    Ok(())
}

/// The change, a line to the line.
fn lines(old: &str, new: &str) -> String {
    let line = |line: changes::Line| match line.sign {
        Sign::Removed => format!("{}\n", style(format!("- {}", line.text)).red()),
        Sign::Added => format!("{}\n", style(format!("+ {}", line.text)).green()),
        Sign::Kept | Sign::Gap => format!("  {}\n", line.text),
    };
    changes::diff(old, new).into_iter().map(line).collect()
}

/// Leaves the changed program among the reader's own; its name.
fn leave(project: &Project, change: &Change, text: &str) -> Result<String> {
    let name = format!("{}_{}", change.program, change.id);
    let file = project.root.join(OWN_PROGRAMS).join(format!("{name}.rs"));
    let shown = project.shown(&file);
    project.expect_own_folders(&file)?;
    std::fs::create_dir_all(file.parent().context("a file has a folder")?)?;
    match std::fs::File::create_new(&file) {
        Ok(mut new) => new.write_all(text.as_bytes()).or_else(|error| {
            let _ = std::fs::remove_file(&file);
            Err(error)
                .with_context(|| t(format!("{shown} 写不了"), format!("cannot write {shown}")))
        })?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(t(
            format!("已经有 {shown} 了，没有动它：先给它改名。"),
            format!("There is a {shown} already, and it is left alone: rename it first."),
        )),
        Err(error) => {
            return Err(error)
                .with_context(|| t(format!("{shown} 写不了"), format!("cannot write {shown}")));
        }
    }
    Ok(name)
}
