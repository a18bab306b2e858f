//! A program's timeline outside of the book.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use anyhow::Result;
use book::recordings;
use console::Term;
use project::locale::{self, t};
use project::{Project, files};
use record::{Program, Stand};
use recording::{
    model::{Trace, Traces},
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
    let program = match project.own_program(name) {
        Some((path, file)) => {
            Program { name: name.to_owned(), path, file, libraries: Stand::Light }
        }
        None => {
            if let Ok(trace) = recordings::trace(project, name) {
                return Ok(Trace::clone(&trace));
            }
            project.expect_program(name)?;
            snapshots::program(project, name)
        }
    };
    let outcome = snapshots::record_all(project, &[program])?.remove(0);
    Ok(snapshots::whole(name, outcome)?.trace)
}
