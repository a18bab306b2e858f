//! What the runtime did with each program: the recorders' traces, kept until
//! something changes that they depend on.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
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
    programs::{self, Which},
    progress,
    project::Project,
};

/// What is kept of a recorder beside its traces.
#[derive(Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    /// The size and the time of the binary.
    stamp: (u64, u128),
    /// Of each program and all that its recording depends on.
    digests: BTreeMap<String, u64>,
}

/// Records those of a recorder's programs that changed, if it is a new one.
///
/// # Errors
///
/// The recorder fails, or a program fails while it is recorded.
pub fn refresh(project: &Project, name: &str, recorder: &Path) -> Result<()> {
    let folder = folder(project).join(name);
    let store = folder.join("recorder");
    let kept: Kept = std::fs::read(&store)
        .ok()
        .and_then(|it| serde_json::from_slice(&it).ok())
        .unwrap_or_default();
    let stamp = programs::stamp(recorder)?;
    if kept.stamp == stamp {
        return Ok(());
    }
    let common = common(project)?;
    let mut digests = BTreeMap::new();
    for program in client::list(recorder)? {
        let source = std::fs::read(project.program(&program)).unwrap_or_default();
        digests.insert(program, digest(&(common, source)));
    }
    let file = |program: &str| folder.join(format!("{program}.json"));
    for gone in kept.digests.keys().filter(|program| !digests.contains_key(*program)) {
        let _ = std::fs::remove_file(file(gone));
    }
    let is_due = |(program, digest): &(&String, &u64)| {
        kept.digests.get(*program) != Some(*digest) || !file(program).is_file()
    };
    let due: Vec<&String> = digests.iter().filter(is_due).map(|(program, _)| program).collect();
    if !due.is_empty() {
        let count = due.len();
        progress::step(
            t("录制", "Recording"),
            &t(format!("{count} 个程序……"), format!("programs: {count}…")),
        );
        let traces = client::record(recorder, &due)?;
        if let Some((name, failure)) =
            traces.iter().find_map(|trace| Some((&trace.name, trace.failure.as_ref()?)))
        {
            bail!(t(
                format!("示例 {name} 没能录下来：{failure}"),
                format!("Example {name} could not be recorded: {failure}"),
            ));
        }
        // A page's part needs one of them: a file each.
        for trace in &traces {
            build::write_whole(&file(&trace.name), &serde_json::to_vec(trace)?)?;
        }
    }
    build::write_whole(&store, &serde_json::to_vec(&Kept { stamp, digests })?)
}

/// The digest of what any recording depends on: the recorder, what the
/// applications share, the lock file.
fn common(project: &Project) -> Result<u64> {
    let mut files: Vec<PathBuf> = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml"]
        .map(|file| project.root.join(file))
        .to_vec();
    for folder in ["timeline", "examples/applications"] {
        let folder = project.root.join(folder);
        let program =
            |path: &Path| path.parent() == Some(&folder) && path.extension() == Some("rs".as_ref());
        files.extend(below(&folder)?.into_iter().filter(|path| !program(path)));
    }
    files.sort();
    let read = |path: &PathBuf| std::fs::read(path).unwrap_or_default();
    Ok(digest(&files.iter().map(read).collect::<Vec<_>>()))
}

/// The files of a folder and of those in it, except for tests; none if there is
/// no such folder.
pub(crate) fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let Ok(entries) = folder.read_dir() else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if !path.is_dir() {
            files.push(path);
        } else if path.file_name() != Some("tests".as_ref()) {
            files.extend(below(&path)?);
        }
    }
    Ok(files)
}

/// A digest of anything; the same as long as Rust's hasher is.
pub(crate) fn digest(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
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
