//! Makes an executable of a program and the recorder, by rustc alone: half a
//! second for a program as long as a page.

use std::path::{Path, PathBuf};

use recording::model::{Clock, SourceFile};
use rustc::{CompileError, Diagnostic, Libraries, Made, Unit};
use serde::Serialize;

use crate::{Program, RecordError, Stand, clock, root};

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
    let text = match &program.text {
        Some(text) => text.clone(),
        None => std::fs::read_to_string(&program.path).map_err(unreadable)?,
    };
    let path = std::path::absolute(&program.path).map_err(unreadable)?;
    let why_real =
        clock::why_real(program.clock, || clock::needs_real_clock(&text).map(str::to_owned));
    // A program that has an event loop of its own brings its own clock.
    let also =
        if clock::has_own_event_loop(&text) { "use ::recorder::by_hand as std; " } else { "" };
    let main = root::with_line(&text, true, also);
    let unit = Unit {
        name: &program.name,
        path: &path,
        text: &main,
        key: &program.file,
        arguments: ARGUMENTS,
        renamed: None,
    };
    let folder = target.join("programs");
    let executable = made(&unit, &text, libraries, &folder)?.executable;
    let description = description(program, &path, &text, why_real);
    Ok(Compiled { executable, description, text })
}

const ARGUMENTS: &[&str] = &[
    "-Cdebuginfo=line-tables-only",
    // One unit of debug information, which is read at the start and not
    // while the program runs.
    "-Ccodegen-units=1",
    "--cap-lints=allow",
];

/// The executable, on the recorder's tokio; or, where a program hands tokio's own
/// types to another crate, on the plain one, which has them.
fn made(
    unit: &Unit<'_>,
    text: &str,
    libraries: &Libraries,
    folder: &Path,
) -> Result<Made, RecordError> {
    let [staged, plain] = ["staged_tokio", "plain_tokio"]
        .map(|tokio| Unit { renamed: Some(("tokio", tokio)), ..unit.clone() });
    // What was found the last time.
    let kept = rustc::compile::place(&plain, libraries, folder);
    if kept.exists() {
        return rustc::compile(&plain, libraries, folder).map_err(failed);
    }
    match rustc::compile(&staged, libraries, folder) {
        Err(CompileError::DoesNotCompile(_)) => {}
        result => return result.map_err(failed),
    }
    // What is said of an error is what a reader knows: of their own text.
    rustc::compile::check(&Unit { text, ..plain.clone() }, libraries, folder).map_err(failed)?;
    rustc::compile(&plain, libraries, folder).map_err(failed)
}

fn failed(error: CompileError) -> RecordError {
    match error {
        CompileError::DoesNotCompile(said) => {
            RecordError::DoesNotCompile(said.into_iter().filter(Diagnostic::is_error).collect())
        }
        CompileError::Libraries(said) => RecordError::Libraries(said),
        CompileError::Start(path, error) => RecordError::Start(path, error),
    }
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
        whole: program.libraries == Stand::Exercises,
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
    /// Whether its clock stands at whole milliseconds.
    pub whole: bool,
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
