//! What is remembered of a learner's work, in one file.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::exercise::Exercise;
use crate::{
    build,
    locale::t,
    project::{Project, unreadable},
};

/// The version of the file. It grows when a field changes its meaning or goes.
const VERSION: u32 = 1;

/// What is remembered. It reads the file when it is made, and writes it whole
/// at every change.
#[derive(Debug)]
pub struct State {
    path: PathBuf,
    file: File,
}

#[derive(Debug, Serialize, Deserialize)]
struct File {
    version: u32,
    #[serde(default)]
    exercises: BTreeMap<String, Record>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Record {
    /// The highest level of hint that was shown.
    #[serde(default)]
    hints: usize,
    /// The digest of the answer that passed last.
    #[serde(default)]
    passed: Option<String>,
}

/// How far a learner is with an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The answer is the starter.
    NotBegun,
    /// It was changed, and no answer has passed.
    Begun,
    /// This answer has passed.
    Passed,
    /// Another answer, or this one under other tests, has passed.
    PassedBefore,
}

impl State {
    /// Reads the file. One that cannot be understood is put aside, with a
    /// word to the reader, and nothing is remembered.
    ///
    /// # Errors
    ///
    /// The file cannot be read or put aside.
    pub fn load(project: &Project) -> Result<Self> {
        let path = super::folder(project).join("progress.json");
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error).with_context(|| unreadable(&path)),
        };
        let file = match bytes.map(|bytes| parse(&bytes)) {
            Some(Some(file)) => file,
            Some(None) => {
                put_aside(project, &path)?;
                File::new()
            }
            None => File::new(),
        };
        Ok(Self { path, file })
    }

    /// How many hints of an exercise were shown.
    pub fn hints(&self, exercise: &Exercise) -> usize {
        self.record(exercise).hints
    }

    /// Remembers that the hints up to this level were shown.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn saw_hint(&mut self, exercise: &Exercise, level: usize) -> Result<()> {
        self.change(exercise, |record| record.hints = record.hints.max(level))
    }

    /// Remembers that the answer with this digest passed.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn passed(&mut self, exercise: &Exercise, digest: String) -> Result<()> {
        self.change(exercise, |record| record.passed = Some(digest))
    }

    /// How far the learner is with an exercise.
    ///
    /// # Errors
    ///
    /// The exercise cannot be read.
    pub fn standing(&self, exercise: &Exercise) -> Result<Standing> {
        if exercise.source()? == exercise.starter()? {
            return Ok(Standing::NotBegun);
        }
        Ok(match self.record(exercise).passed {
            Some(digest) if digest == exercise.digest()? => Standing::Passed,
            Some(_) => Standing::PassedBefore,
            None => Standing::Begun,
        })
    }

    /// Whether any answer to an exercise has passed.
    pub fn ever_passed(&self, exercise: &Exercise) -> bool {
        self.record(exercise).passed.is_some()
    }

    fn record(&self, exercise: &Exercise) -> Record {
        self.file.exercises.get(&exercise.name).cloned().unwrap_or_default()
    }

    fn change(&mut self, exercise: &Exercise, change: impl FnOnce(&mut Record)) -> Result<()> {
        change(self.file.exercises.entry(exercise.name.clone()).or_default());
        build::write_whole(&self.path, &serde_json::to_vec_pretty(&self.file)?)
    }
}

impl File {
    fn new() -> Self {
        Self { version: VERSION, exercises: BTreeMap::new() }
    }
}

fn parse(bytes: &[u8]) -> Option<File> {
    serde_json::from_slice(bytes).ok().filter(|file: &File| file.version == VERSION)
}

fn put_aside(project: &Project, path: &Path) -> Result<()> {
    let aside = (1..)
        .map(|number| path.with_file_name(format!("progress.unreadable-{number}.json")))
        .find(|aside| !aside.exists())
        .expect("there are enough numbers");
    std::fs::rename(path, &aside).with_context(|| unreadable(path))?;
    let shown = |path: &Path| {
        path.strip_prefix(&project.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    };
    let (path, aside) = (shown(path), shown(&aside));
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
