//! What a page of the served book does with a learner's file and progress: the
//! very ones that the terminal's commands read and write.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use exercises::Exercise;
use project::Project;
use project::locale::t;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::state::{self, Standing, State};
use crate::whole;

/// A learner's file, and what goes with it.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// What it holds.
    pub text: String,
    /// The digest of that.
    pub sha: String,
    /// What it held at first.
    pub starter: String,
    /// How far the learner is with it.
    pub standing: Standing,
}

/// What the file holds that somebody else has changed.
#[derive(Debug, Serialize)]
pub struct Changed {
    /// What it holds.
    pub text: String,
    /// The digest of that.
    pub sha: String,
}

/// What became of a text that was to be saved.
#[derive(Debug)]
pub enum Saved {
    /// It is in the file; its digest.
    Written(String),
    /// The file was changed meanwhile and is left alone.
    Changed(Changed),
}

/// The learner's file of an exercise.
///
/// # Errors
///
/// It cannot be read, or is no text.
pub fn answer(project: &Project, exercise: &Exercise) -> Result<Answer> {
    let text = text(exercise)?;
    Ok(Answer {
        sha: digest(&text),
        starter: exercise.starter()?,
        standing: State::load(project).standing(exercise)?,
        text,
    })
}

/// Puts a text into the learner's file if that still holds what has the digest
/// `was`.
///
/// # Errors
///
/// The file cannot be read or written, or lies behind a link.
pub fn save(project: &Project, exercise: &Exercise, new: &str, was: &str) -> Result<Saved> {
    let (file, shown) = (exercise.answer(), exercise.shown_answer());
    project.expect_own_folders(&file)?;
    project::files::expect_no_link(&file)?;
    // Alone: a reset in a terminal changes it, too.
    state::alone(project, || {
        let text = text(exercise)?;
        let sha = digest(&text);
        if text == new {
            return Ok(Saved::Written(sha));
        }
        if sha != was {
            return Ok(Saved::Changed(Changed { text, sha }));
        }
        // It would be replaced, whatever its rights say.
        if std::fs::metadata(&file).is_ok_and(|it| it.permissions().readonly()) {
            bail!(t(
                format!("{shown} 是只读的：让它可以写，再试一次"),
                format!("{shown} may only be read: make it writable and try again"),
            ));
        }
        whole::write(&file, new.as_bytes())
            .with_context(|| t(format!("{shown} 写不了"), format!("cannot write {shown}")))?;
        Ok(Saved::Written(digest(new)))
    })
}

fn text(exercise: &Exercise) -> Result<String> {
    let shown = exercise.shown_answer();
    String::from_utf8(exercise.source()?).with_context(|| {
        t(
            format!("{shown} 不是 UTF-8 文本，页面改不了它"),
            format!("{shown} is no UTF-8 text, and a page cannot edit it"),
        )
    })
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A part of a chapter that a page sees done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The order of the lines was predicted.
    Predicted,
    /// The program was run.
    Ran,
    /// A change of it was run, or drawn.
    Changed,
}

/// How far the learner is with a chapter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Chapter {
    /// The order of the lines was predicted.
    pub predicted: bool,
    /// The program was run.
    pub ran: bool,
    /// A change of it was run, or drawn.
    pub changed: bool,
    /// The exercise has passed, as it is.
    pub passed: bool,
}

/// How far the learner is, by chapter.
///
/// # Errors
///
/// The exercises cannot be listed.
pub fn progress(project: &Project) -> Result<BTreeMap<String, Chapter>> {
    let state = State::load(project);
    let chapter = |exercise: Exercise| {
        let passed = state.standing(&exercise).is_ok_and(|it| it == Standing::Passed);
        let record = state.record(&exercise);
        let seen = |part: fn(&state::Record) -> bool| record.is_some_and(part);
        let chapter = Chapter {
            predicted: seen(|it| it.predicted),
            ran: seen(|it| it.ran),
            changed: seen(|it| it.changed),
            passed,
        };
        (exercise.name, chapter)
    };
    Ok(Exercise::all(project)?.into_iter().map(chapter).collect())
}

/// Forgets what was done on the pages. What has passed stays so, and the hints that
/// were shown stay shown.
///
/// # Errors
///
/// The exercises cannot be listed, or the file cannot be written.
pub fn clear(project: &Project) -> Result<()> {
    let state = State::load(project);
    let seen = |record: &state::Record| record.predicted || record.ran || record.changed;
    for exercise in Exercise::all(project)? {
        if state.record(&exercise).is_some_and(seen) {
            let (state, ()) = State::change(project, &exercise, |record| {
                (record.predicted, record.ran, record.changed) = (false, false, false);
            });
            expect_kept(&state)?;
        }
    }
    Ok(())
}

fn expect_kept(state: &State) -> Result<()> {
    match state.trouble() {
        Some(trouble) => bail!("{trouble}"),
        None => Ok(()),
    }
}

/// Remembers a part of a chapter as done; whether that is news.
///
/// # Errors
///
/// There is no such chapter, or it cannot be kept.
pub fn note(project: &Project, chapter: &str, part: Part) -> Result<bool> {
    let exercise = Exercise::named(project, chapter)?;
    let known = |record: &state::Record| match part {
        Part::Predicted => record.predicted,
        Part::Ran => record.ran,
        Part::Changed => record.changed,
    };
    if State::load(project).record(&exercise).is_some_and(known) {
        return Ok(false);
    }
    let (state, ()) = State::change(project, &exercise, |record| match part {
        Part::Predicted => record.predicted = true,
        Part::Ran => record.ran = true,
        Part::Changed => record.changed = true,
    });
    expect_kept(&state)?;
    Ok(true)
}
