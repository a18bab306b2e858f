//! Starts the measurement.

use std::num::NonZeroUsize;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use project::files::expect_writable;
use project::locale::t;
use project::{Project, command, target_folder};

/// Names another profile, for a check that it works, whose figures are nobody's.
const PROFILE: &str = "WB_COMPARE_PROFILE";

/// Compiles the package `compare` for release, as a program of the reader's
/// would be, and runs it.
///
/// # Errors
///
/// Cargo cannot be run.
pub fn run(project: &Project, rounds: Option<NonZeroUsize>, record: bool) -> Result<ExitCode> {
    expect_writable(&target_folder(&project.root))?;
    let mut command = Command::new(command::cargo());
    let profile = std::env::var(PROFILE).unwrap_or_else(|_| "release".to_owned());
    command.args(["run", "--quiet", "--profile", &profile, "--package", "compare", "--"]);
    if let Some(rounds) = rounds {
        command.args(["--rounds", &rounds.to_string()]);
    }
    if record {
        command.arg("--record");
    }
    eprintln!(
        "{}",
        t(
            "先编译，再测几分钟。这期间请让机器闲着。",
            "This compiles, and then measures for some minutes. Leave the machine in peace.",
        )
    );
    let status = command
        .current_dir(&project.root)
        .status()
        .context(t("无法运行 cargo", "cannot run cargo"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
