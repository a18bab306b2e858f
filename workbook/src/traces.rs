//! What the runtime did with each program: the recorder's traces, kept until
//! the recorder is rebuilt.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use console::Term;
use serde::{Deserialize, Serialize};
use timeline::{
    client,
    model::{Trace, Traces},
    svg, text,
    words::Locale,
};

use crate::{
    build,
    locale::{self, Language, t},
    programs,
    project::Project,
};

/// The traces of one build of the recorder.
#[derive(Serialize, Deserialize)]
struct Kept {
    recorder: (u64, u128),
    traces: Vec<Trace>,
}

/// Records all programs anew if the recorder is a new one.
///
/// # Errors
///
/// The recorder fails, or a program fails while it is recorded.
pub fn refresh(project: &Project, recorder: &Path) -> Result<()> {
    let stamp = programs::stamp(recorder)?;
    if load(project).is_ok_and(|kept| kept.recorder == stamp) {
        return Ok(());
    }
    let traces = client::record::<&str>(recorder, &[])?;
    if let Some((name, failure)) =
        traces.iter().find_map(|trace| Some((&trace.name, trace.failure.as_ref()?)))
    {
        bail!(t(
            format!("示例 {name} 没能录下来：{failure}"),
            format!("Example {name} could not be recorded: {failure}"),
        ));
    }
    build::write_whole(&store(project), &serde_json::to_vec(&Kept { recorder: stamp, traces })?)
}

/// The trace of a program.
///
/// # Errors
///
/// There is no such program, or it cannot be recorded.
pub fn trace(project: &Project, name: &str) -> Result<Trace> {
    project.expect_program(name)?;
    if load(project).is_err() {
        programs::refresh(project)?;
    }
    kept(project, name).with_context(|| {
        t(format!("示例 {name} 没有时间线"), format!("Example {name} has no timeline"))
    })
}

/// The trace of a program that has been recorded.
pub fn kept(project: &Project, name: &str) -> Option<Trace> {
    load(project).ok()?.traces.into_iter().find(|trace| trace.name == name)
}

/// A way to show a trace outside of the book.
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

/// Compiles the programs, records what is new, and shows one of the traces.
///
/// # Errors
///
/// There is no such program, it does not compile or cannot be recorded, or the
/// file cannot be written.
pub fn show(project: &Project, name: &str, view: View) -> Result<()> {
    project.expect_program(name)?;
    programs::refresh(project)?;
    let trace = trace(project, name)?;
    let locale = locale(locale::language());
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
            return build::write_whole(&file, picture.as_bytes());
        }
    };
    match std::io::stdout().write_all(shown.as_bytes()) {
        // Whoever was reading has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

/// The timeline's own name for a language of the book.
pub fn locale(language: Language) -> Locale {
    language.pick(Locale::Zh, Locale::En)
}

fn store(project: &Project) -> PathBuf {
    project.scratch().join("traces.json")
}

fn load(project: &Project) -> Result<Kept> {
    Ok(serde_json::from_slice(&std::fs::read(store(project))?)?)
}
