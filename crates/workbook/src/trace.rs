//! A program's timeline outside of the book.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use anyhow::{Result, bail};
use book::recordings;
use console::Term;
use project::locale::{self, t};
use project::{Project, files};
use record::{Program, Stand};
use recording::{
    model::{Ending, Trace, Traces},
    svg, text,
};

/// A way to show a trace.
pub enum View {
    /// The lanes and the printed lines, as wide as the terminal.
    Lanes,
    /// The trace itself.
    Json,
    /// The picture, into a file.
    Svg(PathBuf),
}

/// The columns of what is no terminal.
const COLUMNS: u16 = 80;
/// A picture's pixels.
const PIXELS: u32 = 960;

/// Shows what a program does: one of the book's as it is recorded, or, if its
/// text is another by now, as it is; and any program of the reader's own.
///
/// # Errors
///
/// There is no such program, it does not compile or cannot be recorded, or the
/// file cannot be written.
pub fn show(project: &Project, name: &str, view: View) -> Result<()> {
    let trace = trace(project, name)?;
    let locale = recordings::locale(locale::language());
    let shown = match view {
        View::Lanes => {
            let (_, columns) = Term::stdout().size_checked().unwrap_or((0, COLUMNS));
            text::lanes(&trace, locale, columns.into())
        }
        View::Json => serde_json::to_string_pretty(&Traces::new(vec![trace]))? + "\n",
        View::Svg(file) => {
            let picture = svg::draw(&trace, locale, PIXELS);
            // A bare name has an empty folder; the file still has one.
            let file = std::path::absolute(file)?;
            files::write_whole(&file, picture.as_bytes())?;
            let shown = file.display();
            eprintln!("{}", t(format!("已写入 {shown}。"), format!("Wrote {shown}.")));
            return Ok(());
        }
    };
    match std::io::stdout().write_all(shown.as_bytes()) {
        // Whoever was reading has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

fn trace(project: &Project, name: &str) -> Result<Trace> {
    let program = match elsewhere(project, name)? {
        Some(program) => program,
        None => {
            if let Ok(trace) = recordings::trace(project, name) {
                return Ok(Trace::clone(&trace));
            }
            project.expect_program(name)?;
            snapshots::program(project, name)
        }
    };
    let outcome = snapshots::record_all(project, &[program])?.remove(0);
    let trace = snapshots::made(name, outcome)?.trace;
    if let Ending::Killed { .. } | Ending::Lost { .. } = trace.ending {
        let locale = recordings::locale(locale::language());
        bail!("{name}: {}", locale.ending(&trace).unwrap_or_default());
    }
    Ok(trace)
}

/// A program of the reader's own: a file anywhere, or one that lies where they
/// may keep theirs.
fn elsewhere(project: &Project, name: &str) -> Result<Option<Program>> {
    let (path, file) = if name.ends_with(".rs") || name.contains(['/', '\\']) {
        (PathBuf::from(name), name.replace('\\', "/"))
    } else {
        match project.own_program(name) {
            Some(own) => own,
            None => return Ok(None),
        }
    };
    if !path.is_file() {
        bail!(t(
            format!("没有 {file} 这个文件：请写一个 Rust 程序的路径，或者一个示例的名字。"),
            format!(
                "There is no file {file}: give the path of a Rust program, or an example's name."
            ),
        ));
    }
    // As rustc names a crate.
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name: String =
        stem.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).collect();
    let name = match name.chars().next() {
        Some(first) if first.is_alphabetic() => name,
        _ => format!("program_{name}"),
    };
    Ok(Some(Program { name, path, file, libraries: Stand::Light }))
}
