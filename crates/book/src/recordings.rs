//! What each program did, as `recordings/` has it. A build draws what they say and
//! runs nothing; whoever wants them otherwise has to record anew.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, bail};
use project::Project;
use project::files::unreadable;
use project::locale::{Language, t};
use recording::file::Recording;
use recording::model::Trace;
use recording::words::Locale;

use crate::memo::Memo;

/// By the recording's text and the program's.
static READ: Memo<(String, String), Read> = Memo::new();

/// What a program did, and what was drawn of that.
pub struct Read {
    trace: Trace,
    /// Its timeline in either language, once a page has asked for it.
    pub timelines: [OnceLock<String>; 2],
}

impl Deref for Read {
    type Target = Trace;

    fn deref(&self) -> &Trace {
        &self.trace
    }
}

/// What a program did when it was recorded.
///
/// # Errors
///
/// There is no such program, it has no recording, or its text is another by
/// now: one sentence that names the command to run.
pub fn trace(project: &Project, name: &str) -> Result<Arc<Read>> {
    project.expect_program(name)?;
    let file = project.recording(name);
    let shown = project.shown(&file);
    let command = format!("cargo run -- record {name}");
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(t(
            format!("示例 {name} 还没有录制（缺 {shown}）：请运行 `{command}`。"),
            format!("Example {name} is not recorded ({shown} is missing): run `{command}`."),
        )),
        Err(error) => return Err(error).with_context(|| unreadable(&file)),
    };
    let path = project.program(name);
    let source = std::fs::read_to_string(&path).with_context(|| unreadable(&path))?;
    READ.get((text, source), |(text, source)| {
        let recording = Recording::parse(text).map_err(|error| {
            anyhow::anyhow!(t(
                format!("{shown} 坏了（{error}）：请运行 `{command}` 重新录制。"),
                format!("{shown} is damaged ({error}): `{command}` records it anew."),
            ))
        })?;
        if !recording.is_of(source) {
            let program = &recording.trace.file;
            bail!(t(
                format!("{program} 改过了，{shown} 录的是改之前的：请运行 `{command}`。"),
                format!("{program} has changed since {shown} was recorded: run `{command}`."),
            ));
        }
        Ok(Read { trace: recording.trace, timelines: Default::default() })
    })
}

/// What these programs print (all of the book's, if none is named).
///
/// # Errors
///
/// As [`trace`].
pub fn outputs(project: &Project, names: &[String]) -> Result<BTreeMap<String, String>> {
    let all = if names.is_empty() { project.programs()? } else { names.to_vec() };
    let output = |name: String| {
        let lines = trace(project, &name)?.lines().map(|line| format!("{line}\n")).collect();
        Ok((name, lines))
    };
    all.into_iter().map(output).collect()
}

/// The timeline's own name for a language of the book.
pub fn locale(language: Language) -> Locale {
    language.pick(Locale::Zh, Locale::En)
}
