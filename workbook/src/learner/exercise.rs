//! An exercise as it lies on disk.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use beliefs::Beliefs;
use grading::report::Entry;
use regex::Regex;
use sha2::{Digest, Sha256};

use crate::{
    locale::t,
    project::{EDITIONS, Project, unreadable},
};

/// An exercise: one chapter's, under the chapter's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exercise {
    /// Its name, and its package's.
    pub name: String,
    folder: PathBuf,
}

impl Exercise {
    /// Every exercise, in the order of the chapters. Those without a chapter
    /// come last.
    ///
    /// # Errors
    ///
    /// The folder of the exercises or the book's summary cannot be read.
    pub fn all(project: &Project) -> Result<Vec<Self>> {
        let summary = project.sources(EDITIONS[0]).join("SUMMARY.md");
        let summary = text(&summary)?;
        let place = |name: &str| summary.find(&format!("]({name}.md)")).unwrap_or(usize::MAX);
        let mut names = project.exercises()?;
        names.sort_by_key(|name| place(name));
        Ok(names.into_iter().map(|name| Self::at(project, name)).collect())
    }

    /// The exercise of this name.
    ///
    /// # Errors
    ///
    /// There is none: one sentence with the nearest names.
    pub fn named(project: &Project, name: &str) -> Result<Self> {
        project.expect_exercise(name)?;
        Ok(Self::at(project, name.to_owned()))
    }

    fn at(project: &Project, name: String) -> Self {
        let folder = project.root.join("exercises").join(&name);
        Self { name, folder }
    }

    /// The beliefs that its wrong answers come from.
    pub fn beliefs(&self) -> Beliefs {
        Beliefs::of_exercise(&self.folder)
    }

    /// The file that the learner edits.
    pub fn answer(&self) -> PathBuf {
        self.folder.join("src/lib.rs")
    }

    /// The same, as a learner reads it.
    pub fn shown_answer(&self) -> String {
        format!("exercises/{}/src/lib.rs", self.name)
    }

    /// What the learner's file holds, which need not be UTF-8.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn source(&self) -> Result<Vec<u8>> {
        bytes(&self.answer())
    }

    /// What the learner's file held at first.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn starter(&self) -> Result<Vec<u8>> {
        bytes(&self.folder.join("starter.rs"))
    }

    /// A right answer.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn solution(&self) -> Result<String> {
        text(&self.folder.join("solution.rs"))
    }

    /// Tells this answer under these tests from every other.
    ///
    /// # Errors
    ///
    /// One of the files cannot be read.
    pub fn digest(&self) -> Result<String> {
        let mut hash = Sha256::new();
        for part in [self.source()?, bytes(&self.tests())?] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The hints, from the least to the most telling, in the reader's language.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    pub fn hints(&self) -> Result<Vec<String>> {
        let hints = text(&self.folder.join(t("hints.zh.md", "hints.en.md")))?;
        Ok(hints.split("\n---\n").map(|hint| hint.trim().to_owned()).collect())
    }

    /// How many minutes it takes: the last number of the statement.
    pub fn minutes(&self) -> Option<u32> {
        let statement = text(&self.folder.join("statement.en.md")).ok()?;
        let number = Regex::new(r"(\d+) minutes").expect("a constant");
        number.captures_iter(&statement).last()?[1].parse().ok()
    }

    /// Puts the tests into the order in which they are written.
    pub fn sort(&self, entries: &mut [Entry]) {
        let source = text(&self.tests()).unwrap_or_default();
        let place = |test: &str| source.find(&format!("fn {test}(")).unwrap_or(usize::MAX);
        entries.sort_by_key(|entry| place(&entry.test));
    }

    fn tests(&self) -> PathBuf {
        self.folder.join(format!("tests/{}.rs", self.name))
    }
}

/// Whether a path is a learner's file, or an editor's beside it. No page
/// shows those.
pub fn is_answer(path: &Path) -> bool {
    of_answer(path).is_some()
}

/// The exercise in whose `src` folder a path lies.
pub fn of_answer(path: &Path) -> Option<String> {
    let source = path.parent()?;
    let folder = source.parent()?;
    let inside = source.file_name()? == "src" && folder.parent()?.file_name()? == "exercises";
    inside.then(|| folder.file_name().map(|name| name.to_string_lossy().into_owned()))?
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| unreadable(path))
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| unreadable(path))
}

#[cfg(test)]
mod tests {
    use super::of_answer;
    use std::path::Path;

    #[test]
    fn an_answer_is_known_by_its_path() {
        let of = |path| of_answer(Path::new(path));
        assert_eq!(of("/book/exercises/gather/src/lib.rs").as_deref(), Some("gather"));
        assert_eq!(of("/book/exercises/gather/starter.rs"), None);
        assert_eq!(of("/book/src/zh/gather.md"), None);
    }
}
