//! Runs one cmdrun command: with a time limit, and with this very `workbook`
//! first on its search path. (mdbook-cmdrun itself waits for ever.)

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use process_wrap::std::*;

use crate::locale::t;

/// The exit code of a command that ran out of time, as with coreutils' `timeout`.
pub const OUT_OF_TIME: u8 = 124;

/// Runs `command` in a shell, and kills it with its children after `limit`.
///
/// # Errors
///
/// The shell cannot be started.
pub fn run(command: &str, limit: Duration) -> Result<ExitCode> {
    let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    shell.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(command);
    let own = std::env::current_exe().context("cannot tell the path of this executable")?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = own.parent().map(Path::to_owned).into_iter().chain(std::env::split_paths(&path));
    shell.env("PATH", std::env::join_paths(folders)?);

    let mut wrapped = CommandWrap::from(shell);
    #[cfg(unix)]
    wrapped.wrap(ProcessGroup::leader());
    #[cfg(windows)]
    wrapped.wrap(JobObject);
    let mut child = wrapped.spawn().context("cannot start a shell")?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            return Ok(ExitCode::from(code.unwrap_or(1)));
        }
        if start.elapsed() > limit {
            child.kill()?;
            let seconds = limit.as_secs_f32();
            eprintln!(
                "{}",
                t(
                    format!("超过 {seconds} 秒，已停止"),
                    format!("ran longer than {seconds} s and was stopped"),
                )
            );
            return Ok(ExitCode::from(OUT_OF_TIME));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
