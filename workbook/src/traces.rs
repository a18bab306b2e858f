//! What the runtime did with each program: the recorder's traces, kept until
//! the recorder is rebuilt.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use timeline::{client, model::Trace, words::Locale};

use crate::{
    build,
    locale::{Language, t},
    programs,
    project::Project,
};

/// The traces of one build of the recorder.
#[derive(Serialize, Deserialize)]
struct Kept {
    recorder: (u64, u128),
    traces: Vec<Trace>,
}

/// Records all programs anew if the recorder is a new one.
///
/// # Errors
///
/// The recorder fails, or a program fails while it is recorded.
pub fn refresh(project: &Project, recorder: &Path) -> Result<()> {
    let stamp = programs::stamp(recorder)?;
    if load(project).is_ok_and(|kept| kept.recorder == stamp) {
        return Ok(());
    }
    let traces = client::record::<&str>(recorder, &[])?;
    if let Some((name, failure)) =
        traces.iter().find_map(|trace| Some((&trace.name, trace.failure.as_ref()?)))
    {
        bail!(t(
            format!("示例 {name} 没能录下来：{failure}"),
            format!("Example {name} could not be recorded: {failure}"),
        ));
    }
    build::write_whole(&store(project), &serde_json::to_vec(&Kept { recorder: stamp, traces })?)
}

/// The trace of a program.
///
/// # Errors
///
/// There is no such program, or it cannot be recorded.
pub fn trace(project: &Project, name: &str) -> Result<Trace> {
    project.expect_program(name)?;
    if load(project).is_err() {
        programs::refresh(project)?;
    }
    kept(project, name).with_context(|| {
        t(format!("示例 {name} 没有时间线"), format!("Example {name} has no timeline"))
    })
}

/// The trace of a program that has been recorded.
pub fn kept(project: &Project, name: &str) -> Option<Trace> {
    load(project).ok()?.traces.into_iter().find(|trace| trace.name == name)
}

/// The timeline's own name for a language of the book.
pub fn locale(language: Language) -> Locale {
    language.pick(Locale::Zh, Locale::En)
}

fn store(project: &Project) -> PathBuf {
    project.scratch().join("traces.json")
}

fn load(project: &Project) -> Result<Kept> {
    Ok(serde_json::from_slice(&std::fs::read(store(project))?)?)
}
