//! What the runtime did with each program: the recorder's traces, kept until
//! the recorder is rebuilt.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use console::Term;
use timeline::{
    client,
    model::{Trace, Traces},
    svg, text,
    words::Locale,
};

use crate::{
    build,
    locale::{self, Language, t},
    programs::{self, Which},
    project::Project,
};

/// Records a recorder's programs anew if it is a new one.
///
/// # Errors
///
/// The recorder fails, or a program fails while it is recorded.
pub fn refresh(project: &Project, name: &str, recorder: &Path) -> Result<()> {
    let stamp = serde_json::to_vec(&programs::stamp(recorder)?)?;
    let folder = folder(project).join(name);
    let stamp_file = folder.join("recorder");
    if std::fs::read(&stamp_file).is_ok_and(|kept| kept == stamp) {
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
    // A page's part needs one of them: a file each. The stamp comes last.
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    for trace in traces {
        let file = folder.join(format!("{}.json", trace.name));
        build::write_whole(&file, &serde_json::to_vec(&trace)?)?;
    }
    build::write_whole(&stamp_file, &stamp)
}

/// The trace of a program.
///
/// # Errors
///
/// There is no such program, or it cannot be recorded.
pub fn trace(project: &Project, name: &str) -> Result<Trace> {
    project.expect_program(name)?;
    if let Some(trace) = kept(project, name) {
        return Ok(trace);
    }
    programs::refresh(project, Which::All)?;
    kept(project, name).with_context(|| {
        t(format!("示例 {name} 没有时间线"), format!("Example {name} has no timeline"))
    })
}

/// The trace of a program that has been recorded.
pub fn kept(project: &Project, name: &str) -> Option<Trace> {
    let file = format!("{name}.json");
    let recorders = folder(project).read_dir().ok()?;
    let mut files = recorders.filter_map(|recorder| Some(recorder.ok()?.path().join(&file)));
    files.find_map(|file| serde_json::from_slice(&std::fs::read(file).ok()?).ok())
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
    programs::refresh(project, Which::All)?;
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

fn folder(project: &Project) -> PathBuf {
    project.scratch().join("traces")
}
