//! What a page of the served book asks for, each in a process of its own: a run, a
//! trace, a check. It knows nothing of HTTP, nor of who waits for a turn.
//!
//! - [`life`]: whoever asked holds our standard input, and all ends with it.
//! - `limits`: what may be taken before a program runs.
//! - [`tell`]: the answer, a JSON object a line.
//! - `run`: a program on the real clock, as it prints; `python`: its twin.
//! - `trace`: a program's recording, drawn.
//! - `check`: the verdicts on an exercise's answer.
//! - [`lanes`]: what the answer does in one of the tests, drawn.
//!
//! A job is `workbook job KIND NAME LANGUAGE FOLDER`, in a process group of its
//! own. FOLDER goes with it; a file in it ([`TEXT`]) holds the text of a program that
//! is not the book's own, or which lanes are wanted.

mod check;
pub mod lanes;
pub mod life;
mod limits;
mod python;
mod run;
pub mod tell;
mod trace;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use project::Project;
use project::locale::Language;

/// How `workbook` is asked for a job.
pub const COMMAND: &str = "job";

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Run a Rust program.
    Rust,
    /// Run its Python twin.
    Python,
    /// Draw what a Rust program does.
    Trace,
    /// Check the answer to an exercise.
    Check,
    /// Draw what it does in a test.
    Lanes,
    /// Record a program of the book's that was saved.
    Record,
    /// Record the changes of it that a page proposes.
    Changes,
}

impl Kind {
    /// Whether it is done for whoever writes the book, as in a terminal.
    pub fn is_the_authors(self) -> bool {
        matches!(self, Kind::Record | Kind::Changes)
    }

    /// As the command line has it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Rust => "rust",
            Kind::Python => "python",
            Kind::Trace => "trace",
            Kind::Check => "check",
            Kind::Lanes => "lanes",
            Kind::Record => "record",
            Kind::Changes => "changes",
        }
    }
}

/// A job.
#[derive(Debug)]
struct Job {
    project: Project,
    /// The program or the exercise.
    name: String,
    language: Language,
    /// A text that is not the book's own.
    text: Option<String>,
    /// A folder that goes with the job.
    folder: PathBuf,
}

/// The words of a job's command line.
pub fn words(kind: Kind, name: &str, language: Language) -> [String; 4] {
    let language = language.pick("zh", "en");
    [COMMAND, kind.name(), name, language].map(str::to_owned)
}

/// Does the job that the words behind [`COMMAND`] name, and answers on standard
/// output. Never returns before everything that it started is gone.
///
/// # Errors
///
/// The words name no job; what goes wrong with one is part of its answer.
pub fn run(words: &[OsString]) -> Result<ExitCode> {
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let (kind, name, language, folder) = match words.as_slice() {
        [kind, name, language, folder] => (kind, name, language, folder),
        _ => bail!("a job is: KIND NAME LANGUAGE FOLDER"),
    };
    let kinds = [
        Kind::Rust,
        Kind::Python,
        Kind::Trace,
        Kind::Check,
        Kind::Lanes,
        Kind::Record,
        Kind::Changes,
    ];
    let kind = kinds.into_iter().find(|it| it.name() == kind).context("no such kind of job")?;
    let folder = PathBuf::from(folder.as_ref());
    let job = Job {
        project: Project::find()?,
        name: name.to_string(),
        language: if language == "zh" { Language::Chinese } else { Language::English },
        text: std::fs::read_to_string(folder.join(TEXT)).ok(),
        folder,
    };
    let life = life::Life::begin(&job.folder);
    if !kind.is_the_authors() {
        limits::watch(job.language);
    }
    let done = match kind {
        Kind::Rust | Kind::Python => run::run(&job, kind, life),
        Kind::Trace => trace::trace(&job),
        Kind::Check => check::check(&job),
        Kind::Lanes => lanes::lanes(&job),
        // What it says is for the terminal, as in one.
        Kind::Record => snapshots::record_programs(&job.project, std::slice::from_ref(&job.name)),
        Kind::Changes => snapshots::record_changes(&job.project, std::slice::from_ref(&job.name)),
    };
    if let Err(error) = done {
        tell::error(format!("{error:#}"));
    }
    life::end_all();
    Ok(ExitCode::SUCCESS)
}

/// The file in a job's folder that holds the text.
pub const TEXT: &str = "text";
