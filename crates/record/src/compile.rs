//! Makes an executable of a program and the recorder, by rustc alone: half a
//! second for a program as long as a page.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use recording::model::{Clock, SourceFile};
use serde::Serialize;

use crate::libraries::Libraries;
use crate::{Program, RecordError, clock, root};

/// A program that compiled.
#[derive(Debug)]
pub struct Compiled {
    /// The executable.
    pub executable: PathBuf,
    /// What its recorder is told of it.
    pub description: Description,
    /// The program's text.
    pub text: String,
}

/// Compiles the program, unless this very text was compiled before with these
/// libraries.
///
/// # Errors
///
/// The file cannot be read, it does not compile, or rustc cannot be started.
pub fn compile(
    program: &Program,
    libraries: &Libraries,
    target: &Path,
) -> Result<Compiled, RecordError> {
    let unreadable = |error| RecordError::Unreadable(program.path.clone(), error);
    let text = std::fs::read_to_string(&program.path).map_err(unreadable)?;
    let path = std::path::absolute(&program.path).map_err(unreadable)?;
    let why_real =
        clock::why_real(program.clock, || clock::needs_real_clock(&text).map(str::to_owned));
    // A program that has an event loop of its own brings its own clock.
    let also =
        if clock::has_own_event_loop(&text) { "use ::recorder::by_hand as std; " } else { "" };
    let main = root::with_line(&text, true, also);

    let folder = target.join("programs");
    let key = key(&main, &program.file, libraries);
    let executable =
        folder.join(format!("{}-{key:016x}{}", program.name, std::env::consts::EXE_SUFFIX));
    let compiled =
        Compiled { executable, description: description(program, &path, &text, why_real), text };
    if !compiled.executable.exists() {
        let mut built = Ok(());
        for tokio in ["staged_tokio", "plain_tokio"] {
            built = build(program, libraries, &folder, (&path, &main), tokio, &compiled.executable);
            // A program may hand tokio's own types to another crate; the plain
            // one has them. What it says of an error is what a reader knows.
            if !matches!(built, Err(RecordError::DoesNotCompile(_))) {
                break;
            }
        }
        built?;
        forget_older(&folder, program, &compiled.executable);
    }
    Ok(compiled)
}

/// Removes an executable that was kept, whatever lies in its place.
pub(crate) fn forget(compiled: &Compiled) {
    let place = &compiled.executable;
    let _ =
        if place.is_dir() { std::fs::remove_dir_all(place) } else { std::fs::remove_file(place) };
}

/// What the recorder has to know of the program.
fn description(
    program: &Program,
    path: &Path,
    text: &str,
    why_real: Option<String>,
) -> Description {
    let shown = SourceFile { name: program.file.clone(), before: 0 };
    Description {
        name: program.name.clone(),
        file: program.file.clone(),
        files: vec![Source { shown, paths: vec![path.to_string_lossy().replace('\\', "/")] }],
        source: text.to_owned(),
        why_real,
        ..Description::default()
    }
}

/// As the recorder's `Program`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Description {
    /// What it is called.
    pub name: String,
    /// The path of its main file as a reader knows it, with slashes.
    pub file: String,
    /// Its files, in the order of their texts in `source`.
    pub files: Vec<Source>,
    /// Its text.
    pub source: String,
    /// Why it cannot run on the paused clock.
    pub why_real: Option<String>,
    /// Where its trace is to be written; set for each run.
    pub(crate) trace: String,
    /// Where its standard output goes; set for each run.
    pub(crate) output: String,
}

impl Description {
    /// The clock that it runs on.
    pub fn clock(&self) -> Clock {
        if self.why_real.is_some() { Clock::Real } else { Clock::Paused }
    }
}

/// One of its files, and the names by which the compiler may know it.
#[derive(Clone, Debug, Serialize)]
pub struct Source {
    /// What is shown of it.
    pub shown: SourceFile,
    /// Its path as the compiler may name it.
    pub paths: Vec<String>,
}

fn build(
    program: &Program,
    libraries: &Libraries,
    folder: &Path,
    (path, main): (&Path, &str),
    tokio: &str,
    executable: &Path,
) -> Result<(), RecordError> {
    let rustc = PathBuf::from(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let start = |error| RecordError::Start(rustc.clone(), error);
    // Two at once write two files; the last one renamed is as good as the first.
    std::fs::create_dir_all(folder).map_err(start)?;
    let place = tempfile::Builder::new().prefix(PART).tempdir_in(folder).map_err(start)?;
    let part = place.path().join("program");
    let source = place.path().join(path.file_name().unwrap_or_default());
    std::fs::write(&source, main).map_err(start)?;
    // `mod`, `include!` and the like find what lies beside the program.
    if let Some(beside) = path.parent() {
        link_beside(beside, path, place.path());
    }
    let mut command = Command::new(&rustc);
    command
        .args([
            "--edition=2024",
            "--crate-type=bin",
            "-Cdebuginfo=line-tables-only",
            // One unit of debug information, which is read at the start and not
            // while the program runs.
            "-Ccodegen-units=1",
            "--cap-lints=allow",
        ])
        .arg(format!("--crate-name={}", crate_name(&program.name, libraries)))
        // Errors, panics and call stacks name the program's own file.
        .arg(remap(place.path(), path.parent().unwrap_or(path)))
        .args(libraries.paths.iter().flat_map(|path| ["-L", path]))
        .env("CARGO_MANIFEST_DIR", &libraries.package)
        .arg("-o")
        .arg(&part)
        .arg(&source)
        .stdin(Stdio::null());
    for (name, file) in &libraries.externs {
        let name = if name == tokio { "tokio" } else { name };
        if name == "tokio" && file != &libraries.externs[tokio] {
            continue;
        }
        command.arg("--extern").arg(format!("{name}={}", file.display()));
    }
    let output = command.output().map_err(start)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
        return Err(RecordError::DoesNotCompile(said));
    }
    std::fs::rename(&part, executable).map_err(start)
}

/// The program's own name, if no other crate has it and no keyword is in the way.
fn crate_name(name: &str, libraries: &Libraries) -> String {
    const TAKEN: &[&str] = &[
        "alloc",
        "core",
        "proc_macro",
        "std",
        "test",
        "tokio",
        "as",
        "async",
        "await",
        "box",
        "break",
        "const",
        "continue",
        "crate",
        "dyn",
        "else",
        "enum",
        "extern",
        "false",
        "fn",
        "for",
        "gen",
        "if",
        "impl",
        "in",
        "let",
        "loop",
        "match",
        "mod",
        "move",
        "mut",
        "pub",
        "ref",
        "return",
        "self",
        "static",
        "struct",
        "super",
        "trait",
        "true",
        "try",
        "type",
        "unsafe",
        "use",
        "where",
        "while",
        "yield",
    ];
    match TAKEN.contains(&name) || libraries.externs.contains_key(name) {
        true => format!("wb_{name}"),
        false => name.to_owned(),
    }
}

/// Where a program is compiled is called so, and a number.
const PART: &str = "part-";

/// Links what lies beside the program, or what can be linked of it.
fn link_beside(folder: &Path, program: &Path, place: &Path) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        let is_source = path.is_dir() || path.extension().is_some_and(|ending| ending == "rs");
        if is_source && path.file_name() != program.file_name() {
            #[cfg(unix)]
            let _ = std::os::unix::fs::symlink(&path, place.join(entry.file_name()));
        }
    }
}

fn remap(from: &Path, to: &Path) -> std::ffi::OsString {
    let mut argument = std::ffi::OsString::from("--remap-path-prefix=");
    argument.push(from);
    argument.push("=");
    argument.push(to);
    argument
}

/// How long an executable is left alone: somebody else may be about to run it.
const LEFT_ALONE: Duration = Duration::from_secs(600);

/// Removes the executables of earlier texts of the program.
fn forget_older(folder: &Path, program: &Program, newest: &Path) {
    let own = format!("{}-", program.name);
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_own = name.to_str().is_some_and(|name| {
            if name.starts_with(PART) {
                // Somebody was interrupted.
                return true;
            }
            let key = name.strip_prefix(&own).map(|key| key.trim_end_matches(".exe"));
            key.is_some_and(|key| key.len() == 16)
        });
        let age = entry.metadata().and_then(|data| data.modified()).map(|at| at.elapsed());
        let is_old = matches!(age, Ok(Ok(age)) if age > LEFT_ALONE);
        if is_own && is_old && entry.path() != newest {
            let path = entry.path();
            let _ = if path.is_dir() {
                std::fs::remove_dir_all(path)
            } else {
                std::fs::remove_file(path)
            };
        }
    }
}

/// Of everything that the executable depends on. Only this build of this crate
/// reads it again, so that the standard library's own hasher will do.
fn key(main: &str, file: &str, libraries: &Libraries) -> u64 {
    let mut hasher = DefaultHasher::new();
    (main, file, &libraries.paths).hash(&mut hasher);
    for (name, file) in &libraries.externs {
        let modified = file.metadata().and_then(|data| data.modified());
        (name, file, modified.unwrap_or(SystemTime::UNIX_EPOCH)).hash(&mut hasher);
    }
    hasher.finish()
}
