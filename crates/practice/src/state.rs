//! What is remembered of a learner's work, in one file.
//!
//! Commands run side by side (`watch` in one terminal, `hint` in another).
//! Whoever changes the file holds a lock from reading it to replacing it; the
//! file is replaced whole, so reading takes no lock. The system lets go of a
//! lock when its process ends, however it ends: the file that carries it stays
//! and means nothing.
//!
//! Not remembering is no reason to refuse a hint or a verdict: what goes wrong
//! here is said in one sentence, once, and the command goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::Result;
use exercises::Damage;
use exercises::Exercise;
use project::Project;
use project::locale::t;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::whole;

/// The version of the file. It grows when a field changes its meaning or goes;
/// a new field needs no new version, since fields that are not known are kept.
const VERSION: u64 = 1;

/// How long to wait for the lock. It is held for milliseconds, except by a
/// process that was stopped with Ctrl-Z.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is remembered, as it was when it was read.
#[derive(Debug, Default)]
pub struct State {
    file: File,
    /// Why it is not what is kept, in one sentence.
    trouble: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct File {
    version: u64,
    #[serde(default)]
    exercises: BTreeMap<String, Record>,
    /// Of a version that knows more.
    #[serde(flatten)]
    more: Map<String, Value>,
}

/// What is remembered of an exercise.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Record {
    /// The highest level of hint that was shown.
    #[serde(default)]
    pub hints: usize,
    /// The digest of the answer that passed last.
    #[serde(default)]
    pub passed: Option<String>,
    /// Whether the order of the lines was predicted, on the page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub predicted: bool,
    /// Whether the program was run from the page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ran: bool,
    /// Whether a change of it was run, or drawn.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub changed: bool,
    /// Of a version that knows more.
    #[serde(flatten)]
    more: Map<String, Value>,
}

/// How far a learner is with an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The answer is the starter, and no answer has passed.
    NotBegun,
    /// It was changed, and no answer has passed.
    Begun,
    /// This answer has passed.
    Passed,
    /// Another answer, or this one under other tests, has passed.
    PassedBefore,
    /// An answer has passed, and this is the starter again.
    Reset,
}

impl State {
    /// Reads the file. One that cannot be understood is put aside, with a
    /// word to the reader; then, and if it cannot be read, nothing is
    /// remembered.
    pub fn load(project: &Project) -> Self {
        match read(&place(project)) {
            Ok(file) => Self { file, trouble: None },
            // Whoever holds the lock may have put it aside by now.
            Err(Trouble::Damaged) => match locked(project, || mended(project)) {
                Ok(file) => Self { file, trouble: None },
                Err(trouble) => trouble.to_state(project),
            },
            Err(trouble) => trouble.to_state(project),
        }
    }

    /// Changes what is remembered of an exercise: `change` sees what is
    /// remembered at this moment, and nobody else changes it meanwhile. The
    /// reader is told if it cannot be kept.
    pub fn change<T>(
        project: &Project,
        exercise: &Exercise,
        change: impl FnOnce(&mut Record) -> T,
    ) -> (Self, T) {
        let mut change = Some(change);
        let mut apply = |file: &mut File| {
            let record = file.exercises.entry(exercise.name.clone()).or_default();
            change.take().map(|change| change(record))
        };
        let changed = locked(project, || {
            let mut file = mended(project)?;
            let answer = apply(&mut file);
            let written = write(&place(project), &file);
            Ok((file, answer, written))
        });
        let (file, answer, written) = match changed {
            Ok((file, answer, written)) => (file, answer, written.err()),
            Err(trouble) => {
                let mut file = read(&place(project)).unwrap_or_default();
                let answer = apply(&mut file);
                (file, answer, Some(trouble))
            }
        };
        let trouble = written.map(|trouble| trouble.say(project));
        (Self { file, trouble }, answer.expect("it is applied once"))
    }

    /// Why it is not what is kept, in one sentence.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// How many hints of an exercise were shown.
    pub fn hints(&self, exercise: &Exercise) -> usize {
        self.record(exercise).map_or(0, |record| record.hints)
    }

    /// How far the learner is with an exercise.
    ///
    /// # Errors
    ///
    /// The answer, or the tests of one that passed, cannot be read.
    pub fn standing(&self, exercise: &Exercise) -> Result<Standing, Damage> {
        let passed = self.record(exercise).and_then(|record| record.passed.as_ref());
        let source = exercise.source()?;
        let is_starter = exercise.starter().is_ok_and(|starter| starter.as_bytes() == source);
        Ok(match passed {
            None if is_starter => Standing::NotBegun,
            None => Standing::Begun,
            Some(digest) if *digest == exercise.digest()? => Standing::Passed,
            Some(_) if is_starter => Standing::Reset,
            Some(_) => Standing::PassedBefore,
        })
    }

    /// Whether any answer to an exercise has passed.
    pub fn ever_passed(&self, exercise: &Exercise) -> bool {
        self.record(exercise).is_some_and(|record| record.passed.is_some())
    }

    /// What is remembered of an exercise.
    pub fn record(&self, exercise: &Exercise) -> Option<&Record> {
        self.file.exercises.get(&exercise.name)
    }
}

impl Default for File {
    fn default() -> Self {
        Self { version: VERSION, exercises: BTreeMap::new(), more: Map::new() }
    }
}

fn place(project: &Project) -> PathBuf {
    super::folder(project).join("progress.json")
}

/// Why something is not remembered.
#[derive(Debug)]
enum Trouble {
    /// The file is not what a version of this command writes.
    Damaged,
    /// A later version wrote it, and gave its fields another meaning.
    Newer,
    /// It cannot be read.
    Unreadable(io::Error),
    /// It, or the lock beside it, cannot be written.
    Unwritable(io::Error),
    /// Another process has held the lock for [`PATIENCE`].
    Busy,
}

impl Trouble {
    fn to_state(&self, project: &Project) -> State {
        State { trouble: Some(self.say(project)), ..State::default() }
    }

    /// Says it on standard error: once, however often `watch` meets it. Returns it.
    fn say(&self, project: &Project) -> String {
        static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
        let sentence = self.sentence(&project.shown(&place(project)));
        if SAID.lock().expect("no holder panics").insert(sentence.clone()) {
            eprintln!("{sentence}");
        }
        sentence
    }

    /// Why something else in the folder is not changed.
    fn of_the_folder(&self, path: &str) -> String {
        match self {
            Self::Unwritable(error) => t(
                format!("{path} 写不了，所以什么都没有改（{error}）。"),
                format!("{path} cannot be written, so nothing was changed ({error})."),
            ),
            _ => t(
                format!("另一个命令一直占着 {path}，所以什么都没有改；请结束那个命令，再试一次。"),
                format!(
                    "Another command does not let go of {path}, so nothing was changed; end that command and try again."
                ),
            ),
        }
    }

    fn sentence(&self, path: &str) -> String {
        match self {
            Self::Damaged => t(
                format!("看不懂 {path}，也没法给它改名，所以这一次不读也不记学习进度。"),
                format!(
                    "{path} cannot be understood and could not be put aside, so your progress is neither read nor kept this time."
                ),
            ),
            Self::Newer => t(
                format!(
                    "{path} 是更新版本的练习册写的，这个版本不读也不改它：请用新版本，或者先给它改名。"
                ),
                format!(
                    "{path} was written by a newer workbook, and this one leaves it alone: use the newer one, or rename the file."
                ),
            ),
            Self::Unreadable(error) => t(
                format!("{path} 读不了，所以这一次不读也不记学习进度（{error}）。"),
                format!(
                    "{path} cannot be read, so your progress is neither read nor kept this time ({error})."
                ),
            ),
            Self::Unwritable(error) => t(
                format!("{path} 写不了，所以这一次没有记下学习进度（{error}）。"),
                format!(
                    "{path} cannot be written, so your progress was not kept this time ({error})."
                ),
            ),
            Self::Busy => t(
                format!("另一个命令一直占着 {path}，所以这一次没有记下学习进度；请结束那个命令。"),
                format!(
                    "Another command does not let go of {path}, so your progress was not kept this time; end that command."
                ),
            ),
        }
    }
}

/// Works while no other process changes anything in `.workbook/`.
///
/// # Errors
///
/// The folder cannot be written, or somebody else does not let go.
pub(super) fn alone<T>(project: &Project, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let _lock = lock(&super::folder(project)).map_err(|trouble| {
        anyhow::anyhow!(trouble.of_the_folder(&project.shown(&super::folder(project))))
    })?;
    work()
}

fn locked<T>(project: &Project, work: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    let _lock = lock(&super::folder(project))?;
    work()
}

/// The lock, held until the file is dropped or the process ends.
fn lock(folder: &Path) -> Result<fs::File, Trouble> {
    if folder.symlink_metadata().is_ok_and(|found| found.is_symlink()) {
        let why = t("它在一个链接后面", "it lies behind a link");
        return Err(Trouble::Unwritable(io::Error::other(why)));
    }
    let path = folder.join("lock");
    let open = || fs::OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    let file = fs::create_dir_all(folder).and_then(|()| open()).map_err(Trouble::Unwritable)?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if began.elapsed() > PATIENCE => {
                return Err(Trouble::Busy);
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
            // Some network disks know no locks. Most learners run one command
            // at a time: better to go on without.
            Err(TryLockError::Error(_)) => return Ok(file),
        }
    }
}

fn read(path: &Path) -> Result<File, Trouble> {
    match fs::read(path) {
        Ok(bytes) => parse(&bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(File::default()),
        Err(_) if path.is_dir() => Err(Trouble::Damaged),
        Err(error) => Err(Trouble::Unreadable(error)),
    }
}

fn parse(bytes: &[u8]) -> Result<File, Trouble> {
    let any: Value = serde_json::from_slice(bytes).map_err(|_| Trouble::Damaged)?;
    if any["version"].as_u64().is_some_and(|version| version > VERSION) {
        return Err(Trouble::Newer);
    }
    let file: File = serde_json::from_value(any).map_err(|_| Trouble::Damaged)?;
    if file.version == VERSION { Ok(file) } else { Err(Trouble::Damaged) }
}

/// What the file holds; under the lock. One that cannot be understood is put
/// aside first.
fn mended(project: &Project) -> Result<File, Trouble> {
    match read(&place(project)) {
        Err(Trouble::Damaged) => {
            put_aside(project)?;
            Ok(File::default())
        }
        read => read,
    }
}

fn put_aside(project: &Project) -> Result<(), Trouble> {
    let path = place(project);
    let aside = (1..)
        .map(|number| path.with_file_name(format!("progress.unreadable-{number}.json")))
        .find(|aside| aside.symlink_metadata().is_err())
        .expect("there are enough numbers");
    fs::rename(&path, &aside).map_err(|_| Trouble::Damaged)?;
    let (path, aside) = (project.shown(&path), project.shown(&aside));
    eprintln!(
        "{}",
        t(
            format!("看不懂 {path}，已改名为 {aside}，学习进度从头记起。"),
            format!(
                "{path} cannot be understood; it is now {aside}, and your progress is counted anew."
            ),
        )
    );
    Ok(())
}

fn write(path: &Path, file: &File) -> Result<(), Trouble> {
    let bytes =
        serde_json::to_vec_pretty(file).map_err(|error| Trouble::Unwritable(error.into()))?;
    whole::write(path, &bytes).map_err(Trouble::Unwritable)
}

#[cfg(test)]
mod tests {
    use super::{Trouble, VERSION, parse};

    #[test]
    fn what_a_later_version_adds_is_kept() {
        let text = r#"{"version":1,"streak":3,"exercises":{"gather":{"hints":2,"passed":null,"seconds":[1]}}}"#;
        let file = parse(text.as_bytes()).expect("it is of this version");
        let again: serde_json::Value = serde_json::to_value(&file).expect("JSON");
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(text).expect("JSON"));
    }

    #[test]
    fn a_later_version_is_not_taken_for_damage() {
        let newer = format!(r#"{{"version":{},"exercises":[]}}"#, VERSION + 1);
        assert!(matches!(parse(newer.as_bytes()), Err(Trouble::Newer)));
        for damaged in
            ["", "[]", "{}", r#"{"version":0}"#, r#"{"version":1,"exercises":[]}"#, "\u{0}"]
        {
            assert!(matches!(parse(damaged.as_bytes()), Err(Trouble::Damaged)), "{damaged:?}");
        }
    }
}
