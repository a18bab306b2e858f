//! Runs one cmdrun command: with a time limit, and with this very `workbook`
//! first on its search path. (mdbook-cmdrun itself waits for ever.)

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use process_wrap::tokio::*;
use project::command::own_path;
use project::locale::t;

/// How `workbook` is asked for this: with the seconds, the process that builds,
/// and the command behind it.
pub const COMMAND: &str = "limited";

/// The exit code of a command that ran out of time, as with coreutils' `timeout`.
pub const OUT_OF_TIME: u8 = 124;

/// Runs `command` in a shell, and kills it with its children after `limit`, on
/// Ctrl-C, or when the process `build` is gone.
///
/// # Errors
///
/// The shell cannot be started.
pub fn run(command: &str, limit: Duration, build: i32) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut child = spawn(command)?;
        tokio::select! {
            status = child.wait() => {
                let code = status?.code().and_then(|code| u8::try_from(code).ok());
                return Ok(ExitCode::from(code.unwrap_or(1)));
            }
            _ = tokio::time::sleep(limit) => complain(limit),
            _ = tokio::signal::ctrl_c() => {}
            () = abandoned(build) => {}
        }
        Box::into_pin(child.kill()).await?;
        Ok(ExitCode::from(OUT_OF_TIME))
    })
}

fn complain(limit: Duration) {
    let seconds = limit.as_secs_f32();
    let said = t(
        format!("超过 {seconds} 秒，已停止"),
        format!("ran longer than {seconds} s and was stopped"),
    );
    // Whoever asked may be gone; the command has to go all the same.
    let _ = writeln!(std::io::stderr(), "{said}");
}

/// Returns when the build that asked for this command is gone: interrupted or
/// killed, it cannot say so. (Its process is not the parent; a shell is.)
async fn abandoned(build: i32) {
    #[cfg(unix)]
    if let Some(build) = rustix::process::Pid::from_raw(build) {
        while rustix::process::test_kill_process(build).is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        return;
    }
    let _ = build;
    std::future::pending().await
}

fn spawn(command: &str) -> Result<Box<dyn ChildWrapper>> {
    let own = own_path()?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = own.parent().map(Path::to_owned).into_iter().chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders)?;

    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut wrapped = CommandWrap::with_new(shell, |shell| {
        shell.arg(flag).arg(command).env("PATH", path);
    });
    #[cfg(unix)]
    wrapped.wrap(ProcessGroup::leader());
    #[cfg(windows)]
    wrapped.wrap(JobObject);
    wrapped.spawn().context("cannot start a shell")
}
