//! The generated parts of pages, kept while nothing changes that they depend on:
//! from one save to the next, and from one build to the next.
//!
//! They are the parts that depend on no page: on programs, their recordings,
//! exercises and the tutorials' sections. Each takes a process of its own to
//! make, and a book has hundreds.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use anyhow::Result;
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::{
    build, learner::exercise::is_answer, limited::own_path, locale, programs, project::Project,
    traces,
};

static SELF_CONTAINED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^<!--[ ]*cmdrun workbook page (pair|predict|output|timeline|exercise|source) \w+( \d+)? *-->",
    )
    .expect("a constant")
});

/// A part: the page that asks for it, and how.
type Key = (PathBuf, String);

static MEMORY: LazyLock<Mutex<HashMap<Key, String>>> = LazyLock::new(Mutex::default);

/// What is kept under `target/`.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The digest of all that the parts depend on.
    inputs: u64,
    parts: Vec<(Key, String)>,
}

/// What this part was when nothing was different.
pub fn known(page: &Path, directive: &str) -> Option<String> {
    MEMORY.lock().expect("no holder panics").get(&(page.to_owned(), directive.to_owned())).cloned()
}

/// Remembers a part, if it depends on no page.
pub fn note(page: &Path, directive: &str, text: &str) {
    if SELF_CONTAINED.is_match(directive) {
        let key = (page.to_owned(), directive.to_owned());
        MEMORY.lock().expect("no holder panics").insert(key, text.to_owned());
    }
}

/// What a build began with, for [`keep`].
pub struct Recalled {
    inputs: u64,
    count: usize,
}

/// Something other than a chapter may have changed: remembers what an earlier
/// build kept if it was made of the same things, and nothing otherwise.
///
/// # Errors
///
/// The project's files cannot be listed.
pub fn recall(project: &Project) -> Result<Recalled> {
    let inputs = inputs(project)?;
    let kept: Option<Kept> =
        std::fs::read(store(project)).ok().and_then(|it| serde_json::from_slice(&it).ok());
    let parts = kept.filter(|kept| kept.inputs == inputs).map(|kept| kept.parts);
    let mut memory = MEMORY.lock().expect("no holder panics");
    *memory = parts.unwrap_or_default().into_iter().collect();
    Ok(Recalled { inputs, count: memory.len() })
}

/// Keeps for the next build what this one has made, if it has made anything.
///
/// # Errors
///
/// `target/` cannot be written.
pub fn keep(project: &Project, Recalled { inputs, count }: Recalled) -> Result<()> {
    let memory = MEMORY.lock().expect("no holder panics").clone();
    if memory.len() == count {
        return Ok(());
    }
    let kept = Kept { inputs, parts: memory.into_iter().collect() };
    build::write_whole(&store(project), &serde_json::to_vec(&kept)?)
}

fn store(project: &Project) -> PathBuf {
    project.scratch().join("parts.json")
}

/// The digest of the names, sizes and times of all that a part can depend on,
/// this executable among it, and of the reader's language.
fn inputs(project: &Project) -> Result<u64> {
    let mut files = vec![own_path()?.to_owned()];
    for folder in ["examples", "exercises"] {
        files.extend(traces::below(&project.root.join(folder))?);
    }
    files.extend(traces::below(&project.scratch().join("traces"))?);
    for entry in project.root.join("src").read_dir()? {
        files.extend(Some(entry?.path()).filter(|path| path.is_file()));
    }
    // A learner's file is on no page.
    files.retain(|file| !is_answer(file));
    files.sort();
    let stamped: Vec<_> = files.iter().map(|file| (file, programs::stamp(file).ok())).collect();
    // Every build writes this one anew.
    let known = std::fs::read(project.scratch().join("programs.json")).unwrap_or_default();
    Ok(traces::digest(&(locale::language() as u8, stamped, known)))
}
