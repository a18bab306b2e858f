//! Compiles the examples with cargo, as a reader does, for whoever runs them:
//! the Run button, the soak, the tests. No page waits for it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use project::files::expect_writable;
use project::locale::t;
use project::{Project, command, target_folder};
use serde::Deserialize;

/// How long one program may run on the real clock.
pub const LIMIT: Duration = Duration::from_secs(60);

/// The part of cargo's `compiler-artifact` message that is read here.
#[derive(Deserialize)]
struct Artifact {
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

/// Compiles all examples, and returns the executable of each.
///
/// What cargo says goes to standard error. The packages are the default
/// members, as with `cargo run --example NAME`, so that both share one build.
///
/// # Errors
///
/// Cargo cannot be run, or an example does not compile (cargo has said why).
pub fn all(project: &Project) -> Result<BTreeMap<String, PathBuf>> {
    cargo_build(project, &target_folder(&project.root), &["--examples"], Stdio::inherit(), |_| ())
}

/// The executable of a program, compiled in a target folder of its own: the
/// reader's next cargo command does not wait for it. Each line that cargo says of
/// its progress is told.
///
/// # Errors
///
/// There is no such program, or it does not compile (cargo has said why).
pub fn executable(project: &Project, name: &str, tell: impl FnMut(&str)) -> Result<PathBuf> {
    project.expect_program(name)?;
    let target = target_folder(&project.root).join("run");
    let mut built = cargo_build(project, &target, &["--example", name], Stdio::piped(), tell)?;
    built.remove(name).with_context(|| format!("{name}: cargo built no such example"))
}

fn cargo_build(
    project: &Project,
    target: &Path,
    what: &[&str],
    stderr: Stdio,
    mut tell: impl FnMut(&str),
) -> Result<BTreeMap<String, PathBuf>> {
    expect_writable(target)?;
    let mut cargo = Command::new(command::cargo())
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(what)
        .arg("--target-dir")
        .arg(target)
        .current_dir(&project.root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(stderr)
        .spawn()
        .context(t("无法运行 cargo", "cannot run cargo"))?;
    let mut stdout = cargo.stdout.take().context("it is piped")?;
    let messages = thread::spawn(move || {
        let mut messages = Vec::new();
        stdout.read_to_end(&mut messages).map(|_| messages)
    });
    // In a terminal cargo draws a bar; what is told line by line goes through us.
    let piped = cargo.stderr.take().map(BufReader::new);
    for line in piped.into_iter().flat_map(|stderr| stderr.split(b'\n')) {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        eprintln!("{line}");
        tell(line.trim());
    }
    let messages = messages.join().expect("reading does not panic")?;
    if !cargo.wait()?.success() {
        bail!(t("有示例没有通过编译（见上）。", "An example does not compile (see above)."));
    }
    let messages = String::from_utf8_lossy(&messages);
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
    let example = |artifact: Artifact| {
        let is_example = artifact.target.kind.iter().any(|kind| kind == "example");
        Some((artifact.target.name, artifact.executable.filter(|_| is_example)?))
    };
    Ok(artifacts.filter_map(example).collect())
}
