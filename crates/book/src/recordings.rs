//! What each program did, as `recordings/` has it. A build draws what they say and
//! runs nothing; whoever wants them otherwise has to record anew.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, bail};
use changes::Change;
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
    recording: Recording,
    /// Its lanes in either language, once a page has asked for them.
    drawn: [OnceLock<String>; 2],
}

impl Deref for Read {
    type Target = Trace;

    fn deref(&self) -> &Trace {
        &self.recording.trace
    }
}

impl Read {
    /// The orders that its lines had, if they have none that is fixed.
    pub fn orders(&self) -> &[Vec<String>] {
        &self.recording.orders
    }

    /// Its lanes in a language; `draw` draws them the first time.
    ///
    /// # Errors
    ///
    /// Those of `draw`.
    pub fn drawn(
        &self,
        language: Language,
        draw: impl FnOnce() -> Result<String>,
    ) -> Result<String> {
        let [zh, en] = &self.drawn;
        let place = language.pick(zh, en);
        if let Some(drawn) = place.get() {
            return Ok(drawn.clone());
        }
        let drawn = draw()?;
        Ok(place.get_or_init(|| drawn).clone())
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
    let path = project.program(name);
    let source = std::fs::read_to_string(&path).with_context(|| unreadable(&path))?;
    let program = project.shown(&path);
    let who = [format!("示例 {name} "), format!("Example {name}")];
    kept(
        project,
        name,
        &project.recording(name),
        source,
        who,
        [format!("{program} 改过了"), format!("{program} has changed")],
    )
}

/// What a program did that a page's change made of it, when it was recorded.
///
/// # Errors
///
/// As [`trace`]; or the change does not fit the program.
pub fn changed(project: &Project, change: &Change) -> Result<Arc<Read>> {
    let (name, id) = (&change.program, &change.id);
    let path = project.program(name);
    let source = std::fs::read_to_string(&path).with_context(|| unreadable(&path))?;
    let source = change.apply(&source)?;
    let who = [format!("{name} 的修改 {id} "), format!("The change {id} of {name}")];
    let what =
        [format!("{name} 或它的修改 {id} 改过了"), format!("{name} or its change {id} is another")];
    kept(project, name, &project.changed_recording(name, id), source, who, what)
}

/// A recording of a program with this text; who it is, and what has changed if the
/// text is another, in Chinese and in English.
fn kept(
    project: &Project,
    name: &str,
    file: &Path,
    source: String,
    who: [String; 2],
    what: [String; 2],
) -> Result<Arc<Read>> {
    let shown = project.shown(file);
    let command = format!("cargo run -- record {name}");
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(t(
            format!("{}还没有录制（缺 {shown}）：请运行 `{command}`。", who[0]),
            format!("{} is not recorded ({shown} is missing): run `{command}`.", who[1]),
        )),
        Err(error) => return Err(error).with_context(|| unreadable(file)),
    };
    READ.get((text, source), |(text, source)| {
        let recording = Recording::parse(text).map_err(|error| {
            anyhow::anyhow!(t(
                format!("{shown} 坏了（{error}）：请运行 `{command}` 重新录制。"),
                format!("{shown} is damaged ({error}): `{command}` records it anew."),
            ))
        })?;
        if !recording.is_of(source) {
            bail!(t(
                format!("{}，{shown} 录的是改之前的：请运行 `{command}`。", what[0]),
                format!("{} since {shown} was recorded: run `{command}`.", what[1]),
            ));
        }
        Ok(Read { recording, drawn: Default::default() })
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
