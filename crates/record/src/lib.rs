//! Makes recordings: compiles a program with the recorder, runs it, reads its trace.
//!
//! The program is compiled as it stands, by rustc alone, against the libraries
//! that cargo has built once for all programs. So each is an executable of its
//! own: one that does not compile, hangs, panics or exits harms no other. This
//! crate knows cargo and rustc; it knows neither tokio (that is the `recorder`'s
//! part, inside the program) nor the book. In the order in which a program
//! passes through it:
//!
//! - [`clock`] tells from its text which clock it can be recorded on;
//! - `libraries` has cargo build the recorder and what programs stand on, in a
//!   target folder of their own, with tokio's instrumentation;
//! - [`compile`] makes an executable of the program and the recorder (`root` has
//!   the line that it puts into the program);
//! - [`run`] runs it within a limit and reads its trace;
//! - [`package`] does the same with a whole package, whose executable cargo makes.

pub mod clock;
pub mod compile;
mod libraries;
pub mod package;
mod root;
pub mod run;

use std::collections::HashMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use recording::file::Recording;
use recording::model::{Clock, Ending, Limit, SPINS, Trace};

use compile::{Compiled, Description};
use rustc::{CompileError, Diagnostic, Libraries, LibrariesError};

/// A program to be recorded.
#[derive(Clone, Debug)]
pub struct Program {
    /// What it is called: a Rust identifier.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Its text, if it is to be another than the file's.
    pub text: Option<String>,
    /// Its path as a reader knows it, with slashes: `examples/gather.rs`.
    pub file: String,
    /// Which libraries it is compiled with.
    pub libraries: Stand,
    /// The clock that it is to run on, if not the one that its text asks for.
    pub clock: Option<Clock>,
}

/// What a program stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stand {
    /// tokio, futures and little more: what `examples/` may use.
    Light,
    /// What the package of the applications depends on.
    Applications,
    /// What an answer to an exercise and its tests may use: the light ones, and the
    /// harness.
    Exercises,
}

/// Why a program has no recording.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Its file cannot be read.
    #[error("{0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// It does not compile; rustc's own words.
    #[error("{}", CompileError::DoesNotCompile(.0.clone()))]
    DoesNotCompile(Vec<Diagnostic>),
    /// What it is compiled with is damaged, also when cargo has looked at it again;
    /// rustc's own words.
    #[error("{}", CompileError::Libraries(.0.clone()))]
    Libraries(Vec<Diagnostic>),
    /// The compiler, or the program, could not be started.
    #[error("{0}: {1}")]
    Start(PathBuf, std::io::Error),
}

/// What came of one program. Its trace may say that it failed.
pub type Outcome = Result<Recording, RecordError>;

/// How long a program may run before it is given up, in real time.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// So many programs on the real clock run side by side: they mostly wait, and each has
/// its limit of real time.
const MOST_WAITING: usize = 8;

/// Makes recordings of the programs of one workspace.
#[derive(Debug)]
pub struct Studio {
    root: PathBuf,
    target: PathBuf,
    libraries: HashMap<Stand, Libraries>,
    /// A program and its arguments that start each program: it gets the program's path
    /// after its own. None if empty.
    pub launcher: Vec<OsString>,
}

impl Studio {
    /// A studio for the workspace at `root`; it keeps what it compiles in
    /// `target`, a folder of its own.
    pub fn new(root: &Path, target: &Path) -> Self {
        let (root, target) = (root.to_owned(), target.to_owned());
        Self { root, target, libraries: HashMap::new(), launcher: Vec::new() }
    }

    /// Has cargo build what these programs stand on; its progress goes to
    /// standard error.
    ///
    /// # Errors
    ///
    /// See [`LibrariesError`].
    pub fn prepare(&mut self, programs: &[Program]) -> Result<(), LibrariesError> {
        self.prepare_telling(programs, None)
    }

    /// The same; each line that cargo says of its progress is told.
    ///
    /// # Errors
    ///
    /// See [`LibrariesError`].
    pub fn prepare_telling(
        &mut self,
        programs: &[Program],
        mut tell: Option<&mut dyn FnMut(&str)>,
    ) -> Result<(), LibrariesError> {
        for Program { libraries: stand, .. } in programs {
            if !self.libraries.contains_key(stand) {
                // (`as_deref_mut` alone would borrow it for good.)
                let tell = tell.as_mut().map(|tell| &mut **tell as &mut dyn FnMut(&str));
                let built = stand.libraries(&self.root, &self.target, tell)?;
                self.libraries.insert(*stand, built);
            }
        }
        Ok(())
    }

    /// Records the programs, and returns what came of each in the same order.
    /// `tell` hears of each as soon as it is recorded, or failed.
    ///
    /// Compiling and the paused clock take a core each; programs on the real
    /// clock mostly wait, and run side by side.
    ///
    /// # Errors
    ///
    /// See [`LibrariesError`]; what is wrong with one program is its own outcome.
    pub fn record(
        &mut self,
        programs: &[Program],
        limit: Duration,
        tell: impl Fn(&Program) + Sync,
    ) -> Result<Vec<Outcome>, LibrariesError> {
        self.prepare(programs)?;
        let mut compiled = self.compile(programs);
        if compiled.iter().any(|it| matches!(it, Err(RecordError::Libraries(_)))) {
            self.libraries.drain().for_each(|(_, libraries)| libraries.forget());
            self.prepare(programs)?;
            compiled = self.compile(programs);
        }
        let (real, paused): (Vec<usize>, Vec<usize>) = (0..programs.len()).partition(|&index| {
            compiled[index].as_ref().is_ok_and(|it| it.description.clock() == Clock::Real)
        });
        let take = |&index: &usize| {
            let compiled = compiled[index].as_ref().ok()?;
            let outcome = self.take(&programs[index], compiled, limit);
            tell(&programs[index]);
            Some((index, outcome))
        };
        let mut taken = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| side_by_side(&real, MOST_WAITING, take));
            let mut taken = side_by_side(&paused, cores(), take);
            taken.extend(waiting.join().expect("a recording does not panic"));
            taken
        });
        taken.sort_by_key(|it| it.as_ref().map(|(index, _)| *index));
        let mut taken = taken.into_iter().flatten().map(|(_, outcome)| outcome);
        let outcome = |compiled: Result<Compiled, RecordError>| match compiled {
            Ok(_) => taken.next().expect("what compiles is run"),
            Err(error) => Err(error),
        };
        Ok(compiled.into_iter().map(outcome).collect())
    }

    fn compile(&self, programs: &[Program]) -> Vec<Result<Compiled, RecordError>> {
        side_by_side(programs, cores(), |program| {
            let libraries = &self.libraries[&program.libraries];
            compile::compile(program, libraries, &self.target)
        })
    }

    fn take(&self, program: &Program, compiled: &Compiled, limit: Duration) -> Outcome {
        let executable = &compiled.executable;
        let start = |error| RecordError::Start(executable.clone(), error);
        // The applications write files; not into whatever folder this is.
        let writes = program.libraries == Stand::Applications;
        let scratch = writes.then(tempfile::tempdir).transpose().map_err(start)?;
        let command = || {
            let launcher = self.launcher.iter().map(OsString::as_os_str);
            let mut words = launcher.chain([executable.as_os_str()]);
            let mut command = Command::new(words.next().expect("the program at least"));
            command.args(words);
            if let Some(folder) = &scratch {
                command.current_dir(folder.path());
            }
            command
        };
        let trace =
            perform(command, compiled.description.clone(), program.clock, limit).map_err(start)?;
        Ok(Recording::new(&compiled.text, trace))
    }
}

/// Runs a program that is described so; once more on the real clock if the paused
/// one stood still and nobody asked for it. Its trace may have no events.
fn perform(
    command: impl Fn() -> Command,
    mut description: Description,
    asked: Option<Clock>,
    limit: Duration,
) -> io::Result<Trace> {
    let mut trace = run::run(command(), &description, limit)?;
    if asked.is_none() && trace.as_ref().is_ok_and(stands_still) {
        description.why_real = Some(SPINS.to_owned());
        trace = run::run(command(), &description, limit)?;
    }
    Ok(trace.unwrap_or_else(|ending| without_events(description, ending)))
}

/// Whether the paused clock has stood still while the program went on and on: its
/// tasks never all wait, so that no timer comes.
fn stands_still(trace: &Trace) -> bool {
    let is_long = matches!(trace.ending, Ending::Cut { limit: Limit::Events(_) });
    let early = trace.events.get(trace.events.len() / 4);
    let late = trace.events.last();
    is_long && trace.clock == Clock::Paused && early.map(|it| it.at) == late.map(|it| it.at)
}

/// The trace of a program that left none.
fn without_events(description: Description, ending: Ending) -> Trace {
    Trace {
        clock: description.clock(),
        name: description.name,
        file: description.file,
        files: Vec::new(),
        why_real: description.why_real,
        end: 0,
        tasks: Vec::new(),
        omitted: 0,
        waits: Vec::new(),
        events: Vec::new(),
        ending,
        stuck: Vec::new(),
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// Works on all items with so many threads; keeps the order.
fn side_by_side<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::default()).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            scope.spawn(|| {
                while let Some(item) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    items.get(index).map(|item| (index, item))
                } {
                    let result = work(item.1);
                    *results[item.0].lock().expect("nobody panics with it") = Some(result);
                }
            });
        }
    });
    let results = results.into_iter().map(|slot| slot.into_inner().expect("nobody panicked"));
    results.map(|result| result.expect("every item was worked on")).collect()
}
