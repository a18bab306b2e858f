//! Records one program, and draws what it did as the page draws the book's own.

use std::path::Path;

use anyhow::Result;
use book::{page, recordings};
use project::command::own_path;
use record::{Program, RecordError};
use recording::model::Trace;
use serde_json::json;

use crate::tell::{self, tell};
use crate::{Job, limits};

/// Records the job's text, or the book's own program.
///
/// # Errors
///
/// The recorder cannot be built, or the program not be started; what rustc says
/// of it is told.
pub fn trace(job: &Job) -> Result<()> {
    let program = Program { text: job.text.clone(), ..snapshots::program(&job.project, &job.name) };
    draw(job, &program, |_| (), None)
}

/// From now on rustc writes to the folder of compiled programs and to the job's own alone.
fn hold(job: &Job, target: &Path) {
    limits::compiling();
    // A kernel without it compiles the program as a terminal would.
    let _ = confined::hold(&[target, &job.folder]);
    let here = job.folder.join("here");
    let _ = std::fs::create_dir_all(&here).and_then(|()| std::env::set_current_dir(here));
}

/// Records a program and draws it; `finish` has the last word on the recording.
/// `source` is what its lines are counted in, where the page does not know it.
///
/// # Errors
///
/// As [`trace`].
pub fn draw(
    job: &Job,
    program: &Program,
    finish: impl FnOnce(&mut Trace),
    source: Option<&str>,
) -> Result<()> {
    let language = job.language;
    // Its trace goes to a temporary file.
    let launcher = confined::launcher(own_path()?, &[&job.folder]);
    let before = |target: &Path| hold(job, target);
    match snapshots::record_telling(&job.project, program, launcher, &mut limits::cargo, before)? {
        Ok(mut recording) => {
            let trace = &mut recording.trace;
            finish(trace);
            let locale = recordings::locale(language);
            let ending = locale.ending(trace).into_iter().chain(locale.stuck(trace));
            let clock = [Some(locale.clock(trace).to_owned()), locale.why_real(trace)];
            let clock: Vec<String> = clock.into_iter().flatten().collect();
            tell(&json!({ "trace": {
                "name": trace.name,
                "timeline": page::timeline_of(trace, language)?,
                "ending": ending.collect::<Vec<_>>(),
                "lines": trace.lines().collect::<Vec<_>>(),
                "clock": clock.join(language.pick("；", "; ")),
                "source": source,
            } }));
            Ok(())
        }
        Err(RecordError::DoesNotCompile(said) | RecordError::Libraries(said)) => {
            tell::diagnostics(&said, &program.path);
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
