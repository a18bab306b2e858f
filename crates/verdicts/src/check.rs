//! Packages of a workspace, from cargo to their verdicts.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures::stream::{FuturesUnordered, StreamExt};
use project::files::expect_writable;
use project::locale::t;
use project::target_folder;

use crate::binary::{Test, run};
use crate::cargo::{Built, Cargo, Said};
use crate::checked::{Checked, Compiled, News};
use crate::options::{Options, Workspace};

/// Checks one package; see [`check_all`].
///
/// # Errors
///
/// As [`check_all`].
pub async fn check(workspace: &Workspace, package: &str, options: &Options) -> Result<Checked> {
    let mut result = None;
    check_all(workspace, &[package.to_owned()], options, |news| {
        if let News::Checked(checked) = news {
            result = Some(checked);
        }
    })
    .await?;
    result.with_context(|| format!("cargo said nothing of {package}"))
}

/// Checks packages of a workspace, and tells of each as soon as it is known,
/// in no certain order. To drop the future is to stop: cargo, the tests and
/// everything below them are killed.
///
/// # Errors
///
/// Cargo or a test binary cannot be run, or cargo fails for another reason
/// than the sources of these packages (an unreadable manifest, a crate that
/// cannot be had); then the error holds what cargo said.
pub async fn check_all(
    workspace: &Workspace,
    packages: &[String],
    options: &Options,
    mut tell: impl FnMut(News),
) -> Result<()> {
    expect_writable(&workspace.target.clone().unwrap_or_else(|| target_folder(&workspace.root)))?;
    let mut cargo = Cargo::start(workspace, packages, options)?;
    let mut built: HashMap<String, Built> = HashMap::new();
    let mut ready = VecDeque::new();
    let mut running = FuturesUnordered::new();
    let compile_limit = options.compile_limit.unwrap_or(Duration::MAX);
    let deadline = tokio::time::Instant::now() + compile_limit.min(LONG);
    let mut too_long = false;
    let mut open = true;
    loop {
        while running.len() < options.jobs.max(1)
            && let Some(test) = ready.pop_front()
        {
            running.push(run(test, options));
        }
        tokio::select! {
            Some(checked) = running.next() => tell(News::Checked(checked?)),
            said = cargo.next(), if open => match said? {
                Some(Said::Progress(progress)) => tell(News::Cargo(progress)),
                Some(Said::Message(message)) => {
                    let package = built.entry(message.package()).or_default();
                    if let Some(executable) = package.hear(&message) {
                        ready.push_back(Test {
                            package: message.package(),
                            executable,
                            folder: message.folder(),
                            warnings: package.warnings.clone(),
                            faults: package.faults.clone(),
                            told: package.told.clone(),
                        });
                    }
                }
                None => open = false,
            },
            () = tokio::time::sleep_until(deadline), if open => {
                cargo.group.kill().await;
                too_long = true;
                open = false;
            }
            else => break,
        }
    }

    let compiles = cargo.group.wait().await?.success();
    for name in packages {
        let package = built.remove(name).unwrap_or_default();
        if package.tested {
            continue;
        }
        let compiled = if !package.errors.is_empty() {
            Compiled::No(package.errors)
        } else if too_long {
            Compiled::TooLong(compile_limit)
        } else if compiles {
            bail!(t(format!("{name} 没有测试。"), format!("{name} has no tests.")));
        } else {
            return Err(cargo.failure());
        };
        tell(News::Checked(Checked {
            package: name.clone(),
            compiled,
            warnings: package.warnings,
            faults: package.faults,
            told: package.told,
            entries: Vec::new(),
        }));
    }
    Ok(())
}

/// As good as for ever, and no overflow.
const LONG: Duration = Duration::from_secs(365 * 24 * 60 * 60);
