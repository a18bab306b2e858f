//! An exercise as it lies on disk.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use beliefs::Beliefs;
use grading::report::Entry;
use project::files::unreadable;
use project::locale::t;
use project::{EDITIONS, Project};
use regex::Regex;
use sha2::{Digest, Sha256};

use crate::damage::{self, Damage};

/// An exercise: one chapter's, under the chapter's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exercise {
    /// Its name, and its package's.
    pub name: String,
    root: PathBuf,
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
        let summary = fs::read_to_string(&summary).with_context(|| unreadable(&summary))?;
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
        Self { name, root: project.root.clone() }
    }

    /// The beliefs that its wrong answers come from.
    pub fn beliefs(&self) -> Beliefs {
        Beliefs::of_exercise(&self.root.join("exercises").join(&self.name))
    }

    /// The file that the learner edits.
    pub fn answer(&self) -> PathBuf {
        self.root.join(self.shown_answer())
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
    pub fn source(&self) -> Result<Vec<u8>, Damage> {
        damage::bytes(&self.root, &self.name, damage::ANSWER)
    }

    /// What the learner's file held at first.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn starter(&self) -> Result<String, Damage> {
        damage::text(&self.root, &self.name, "starter.rs")
    }

    /// A right answer.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn solution(&self) -> Result<String, Damage> {
        damage::text(&self.root, &self.name, "solution.rs")
    }

    /// Its tests.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    pub fn tests(&self) -> Result<String, Damage> {
        damage::text(&self.root, &self.name, &damage::tests(&self.name))
    }

    /// Tells this answer under these tests from every other.
    ///
    /// # Errors
    ///
    /// One of the files cannot be read.
    pub fn digest(&self) -> Result<String, Damage> {
        let mut hash = Sha256::new();
        for part in
            [self.source()?, damage::bytes(&self.root, &self.name, &damage::tests(&self.name))?]
        {
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
    pub fn hints(&self) -> Result<Vec<String>, Damage> {
        let hints = damage::text(&self.root, &self.name, t("hints.zh.md", "hints.en.md"))?;
        Ok(hints.split("\n---\n").map(|hint| hint.trim().to_owned()).collect())
    }

    /// How many minutes it takes: the last number of the statement.
    pub fn minutes(&self) -> Option<u32> {
        let statement = damage::text(&self.root, &self.name, "statement.en.md").ok()?;
        let number = Regex::new(r"(\d+) minutes").expect("a constant");
        number.captures_iter(&statement).last()?[1].parse().ok()
    }

    /// Puts the tests into the order in which they are written.
    pub fn sort(&self, entries: &mut [Entry]) {
        let source = damage::text(&self.root, &self.name, &damage::tests(&self.name));
        let source = source.unwrap_or_default();
        let place = |test: &str| source.find(&format!("fn {test}(")).unwrap_or(usize::MAX);
        entries.sort_by_key(|entry| place(&entry.test));
    }

    /// What keeps it from being checked.
    pub fn unchecked(&self) -> Option<Damage> {
        damage::of(&self.root, &self.name, &damage::to_check(&self.name))
    }

    /// What any of its files lacks.
    pub fn damage(&self) -> Option<Damage> {
        damage::of(&self.root, &self.name, &damage::all(&self.name))
    }
}

/// Whether a path is a learner's file, or an editor's beside it. No page
/// shows those.
pub fn is_answer(path: &Path) -> bool {
    of_answer(path).is_some()
}

/// The exercise whose answer may be another after a change of this path: the
/// file, or a folder on the way to it.
pub fn touched(exercises: &Path, path: &Path) -> Option<String> {
    let mut below = path.strip_prefix(exercises).ok()?.iter();
    let name = below.next()?.to_string_lossy().into_owned();
    let rest: PathBuf = below.collect();
    Path::new(damage::ANSWER).starts_with(rest).then_some(name)
}

/// The exercise in whose `src` folder a path lies.
fn of_answer(path: &Path) -> Option<String> {
    let source = path.parent()?;
    let folder = source.parent()?;
    let inside = source.file_name()? == "src" && folder.parent()?.file_name()? == "exercises";
    inside.then(|| folder.file_name().map(|name| name.to_string_lossy().into_owned()))?
}

#[cfg(test)]
mod tests {
    use super::{of_answer, touched};
    use std::path::Path;

    #[test]
    fn an_answer_is_known_by_its_path() {
        let of = |path| of_answer(Path::new(path));
        assert_eq!(of("/book/exercises/gather/src/lib.rs").as_deref(), Some("gather"));
        assert_eq!(of("/book/exercises/gather/starter.rs"), None);
        assert_eq!(of("/book/src/zh/gather.md"), None);
    }

    #[test]
    fn an_answer_can_change_by_its_folders() {
        let of = |path: &str| touched(Path::new("/book/exercises"), Path::new(path));
        for path in ["gather", "gather/src", "gather/src/lib.rs"] {
            assert_eq!(of(&format!("/book/exercises/{path}")).as_deref(), Some("gather"));
        }
        assert_eq!(of("/book/exercises/gather/src/lib.rs.swp"), None);
        assert_eq!(of("/book/exercises/gather/starter.rs"), None);
        assert_eq!(of("/book/src/zh/gather.md"), None);
    }
}
