//! Runs one program until it ends or nobody wants it any more, and leaves
//! nothing of its process group behind; on Linux, nothing at all below it.
//!
//! Whoever starts this keeps the other end of its standard input. That end
//! closes with its holder, in whatever way that ends (SIGKILL too).

use std::io::Read;
use std::path::Path;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result};
use process_wrap::tokio::*;
use tokio::sync::oneshot;

/// How `workbook` is asked for this: with the program behind it.
pub const COMMAND: &str = "supervised";

/// Runs the program, to its end or to the end of standard input.
///
/// # Errors
///
/// It cannot be started.
pub fn run(program: &Path) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    grading::adopt_orphans();
    runtime.block_on(async {
        let mut wrapped = CommandWrap::with_new(program, |command| {
            command.stdin(Stdio::null());
        });
        #[cfg(unix)]
        wrapped.wrap(ProcessGroup::leader());
        #[cfg(windows)]
        wrapped.wrap(JobObject);
        let mut child = wrapped.spawn().with_context(|| program.display().to_string())?;
        let code = tokio::select! {
            status = child.wait() => code(status?),
            _ = unwanted() => 1,
        };
        // What it started may outlive it; nobody waits for that.
        let _ = child.start_kill();
        grading::kill_all_below();
        Ok(ExitCode::from(code))
    })
}

/// Ends with standard input.
fn unwanted() -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
    // A thread of its own: tokio would wait for the reading at the end.
    std::thread::spawn(move || {
        let mut ignored = [0; 64];
        while std::io::stdin().read(&mut ignored).is_ok_and(|count| count > 0) {}
        let _ = sender.send(());
    });
    receiver
}

/// The exit code; of what a signal ended, as shells have it.
fn code(status: std::process::ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(1);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
