//! Records one program, and draws what it did as the page draws the book's own.

use anyhow::Result;
use book::{page, recordings};
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
    let Job { project, name, text, language, .. } = job;
    let program = Program { text: text.clone(), ..snapshots::program(project, name) };
    let path = program.path.clone();
    match snapshots::record_telling(project, &program, &mut limits::cargo)? {
        Ok(recording) => {
            let Trace { name, .. } = &recording.trace;
            let locale = recordings::locale(*language);
            let trace = &recording.trace;
            let ending = locale.ending(trace).into_iter().chain(locale.stuck(trace));
            let clock = [Some(locale.clock(trace).to_owned()), locale.why_real(trace)];
            tell(&json!({ "trace": {
                "name": name,
                "timeline": page::timeline_of(trace, *language)?,
                "ending": ending.collect::<Vec<_>>(),
                "lines": trace.lines().collect::<Vec<_>>(),
                "clock": clock.into_iter().flatten().collect::<Vec<_>>().join(language.pick("；", "; ")),
            } }));
            Ok(())
        }
        Err(RecordError::DoesNotCompile(said)) => {
            tell::diagnostics(&said, &path);
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
