//! Compiles the examples with cargo, and knows what each of them prints.
//!
//! That is what its recorded run printed (see [`traces`]): on the paused clock
//! no build waits for a program's waits, and the tests hold both clocks to the
//! same lines. A program that is not recorded runs on the real clock; all that
//! are due run side by side, and what one printed is kept until its executable
//! changes.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::{build, locale::t, project::Project, traces};

/// How long one program may run on the real clock.
pub const LIMIT: Duration = Duration::from_secs(60);

/// What a program printed when it ran.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    /// Everything it wrote to standard output.
    pub stdout: String,
    /// How long it ran, in milliseconds of its own clock.
    pub millis: u64,
}

/// A run, with the size in bytes and the age of its executable, which tell one
/// build from the next.
type Stamped = ((u64, u128), Run);

/// What is kept from one build to the next.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    /// Where cargo put each program.
    executables: BTreeMap<String, PathBuf>,
    /// The runs of the programs that are not recorded.
    runs: BTreeMap<String, Stamped>,
}

/// The binaries that record what the runtime does with each program: with a
/// light one, with an application.
const RECORDERS: [&str; 2] = ["timeline", "applications"];

/// Which programs are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those in `examples/`, and of them what the recorder knows: a page needs
    /// no executable. Linking one for each takes longer than the recorder.
    Recorded,
    /// Those in `examples/`, which need tokio and little else.
    Light,
    /// The applications too, with an HTTP client, a database and more.
    All,
}

/// What cargo built.
#[derive(Debug, Default)]
pub struct Built {
    /// The executable of each example.
    pub examples: BTreeMap<String, PathBuf>,
    /// The recorders, by name, with the examples compiled in.
    pub recorders: BTreeMap<String, PathBuf>,
}

/// Compiles the examples, and the recorders that hold them.
///
/// Cargo's own progress goes to standard error. The packages are the default
/// members, as with `cargo run --example NAME`, so that both share one build.
///
/// # Errors
///
/// Cargo cannot be run, or an example does not compile (cargo has said why).
pub fn compile(project: &Project, which: Which) -> Result<Built> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--message-format=json-render-diagnostics"]);
    match which {
        Which::All => drop(build.arg("--examples")),
        Which::Recorded if !project.root.join(RECORDERS[0]).is_dir() => return Ok(Built::default()),
        Which::Recorded => {}
        Which::Light => {
            for name in project.light_programs()? {
                build.args(["--example", &name]);
            }
        }
    }
    let folders = [(Which::Light, "timeline"), (Which::All, "examples/applications/record")];
    for ((of, folder), recorder) in folders.into_iter().zip(RECORDERS) {
        if (of == Which::Light || which == Which::All) && project.root.join(folder).is_dir() {
            build.args(["--bin", recorder]);
        }
    }
    let output = build
        .current_dir(&project.root)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context(t("无法运行 cargo", "cannot run cargo"))?;
    if !output.status.success() {
        bail!(t("有示例没有通过编译（见上）。", "An example does not compile (see above)."));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let executables = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Artifact>(line).ok())
        .filter_map(|artifact| {
            let is = |kind: &str| artifact.target.kind.iter().any(|found| found == kind);
            let name = &artifact.target.name;
            let wanted = is("example") || is("bin") && RECORDERS.contains(&&**name);
            Some((is("example"), name.clone(), artifact.executable.filter(|_| wanted)?))
        });
    let mut built = Built::default();
    for (is_example, name, executable) in executables {
        if is_example {
            built.examples.insert(name, executable);
        } else {
            built.recorders.insert(name, executable);
        }
    }
    Ok(built)
}

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

/// Compiles the examples, and records or runs those that are new.
///
/// # Errors
///
/// An example does not compile, fails, or runs longer than [`LIMIT`].
pub fn refresh(project: &Project, which: Which) -> Result<()> {
    let built = compile(project, which)?;
    for (name, recorder) in &built.recorders {
        traces::refresh(project, name, recorder)?;
    }
    if which == Which::Recorded
        && project.light_programs()?.iter().any(|name| traces::kept(project, name).is_none())
    {
        return refresh(project, Which::Light);
    }
    let before = load(project);
    let mut kept = Kept { executables: built.examples, runs: BTreeMap::new() };
    if which != Which::All {
        for (name, executable) in before.executables {
            kept.executables.entry(name).or_insert(executable);
        }
        kept.executables.retain(|_, executable| executable.exists());
    }
    let mut due = Vec::new();
    for (name, executable) in &kept.executables {
        if traces::kept(project, name).is_some() {
            continue;
        }
        match before.runs.get(name) {
            Some(run) if run.0 == stamp(executable)? => {
                kept.runs.insert(name.clone(), run.clone());
            }
            _ => due.push((name.clone(), executable.clone())),
        }
    }
    for result in run_all(due) {
        let (name, run) = result?;
        kept.runs.insert(name, run);
    }
    build::write_whole(&store(project), &serde_json::to_vec(&kept)?)
}

/// Runs programs side by side.
fn run_all(due: Vec<(String, PathBuf)>) -> Vec<Result<(String, Stamped)>> {
    let progress = ProgressBar::new(due.len() as u64).with_style(
        ProgressStyle::with_template("{prefix:>12.cyan.bold} [{bar:25}] {pos}/{len} {msg}")
            .expect("the template is a constant"),
    );
    progress.set_prefix(t("运行示例", "Running"));
    let runs = std::thread::scope(|scope| {
        let progress = &progress;
        let running: Vec<_> = due
            .into_iter()
            .map(|(name, path)| {
                scope.spawn(move || {
                    let run = (stamp(&path)?, run(&name, &path)?);
                    progress.set_message(name.clone());
                    progress.inc(1);
                    Ok((name, run))
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().expect("a run does not panic")).collect()
    });
    progress.finish_and_clear();
    runs
}

/// Whether every program was compiled before: then compiling what changed is
/// quick.
pub fn are_known(project: &Project) -> bool {
    let known = load(project).executables;
    project.programs().is_ok_and(|all| all.iter().all(|name| known.contains_key(name)))
}

/// Whether it is known what a program prints.
pub fn is_known(project: &Project, name: &str) -> bool {
    newest(project, name).is_some()
}

/// What a program printed in its newest run.
///
/// # Errors
///
/// There is no such program, it does not compile, or it fails.
pub fn output(project: &Project, name: &str) -> Result<Run> {
    project.expect_program(name)?;
    if let Some(run) = newest(project, name) {
        return Ok(run);
    }
    refresh(project, Which::All)?;
    newest(project, name).with_context(|| format!("{name}: cargo built no such example"))
}

fn newest(project: &Project, name: &str) -> Option<Run> {
    match traces::kept(project, name) {
        Some(trace) => {
            let stdout = trace.lines().map(|line| format!("{line}\n")).collect();
            Some(Run { stdout, millis: trace.end / 1_000 })
        }
        None => load(project).runs.remove(name).map(|(_, run)| run),
    }
}

/// The executable of a program, compiled if it never was.
///
/// # Errors
///
/// There is no such program, or it does not compile or fails.
pub fn executable(project: &Project, name: &str) -> Result<PathBuf> {
    project.expect_program(name)?;
    let known = || load(project).executables.remove(name).filter(|path| path.exists());
    if let Some(path) = known() {
        return Ok(path);
    }
    refresh(project, Which::All)?;
    known().with_context(|| format!("{name}: cargo built no such example"))
}

fn store(project: &Project) -> PathBuf {
    project.scratch().join("programs.json")
}

fn load(project: &Project) -> Kept {
    std::fs::read(store(project))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

pub(crate) fn stamp(executable: &Path) -> Result<(u64, u128)> {
    let data = executable.metadata()?;
    Ok((data.len(), data.modified()?.duration_since(UNIX_EPOCH)?.as_nanos()))
}

/// Runs one executable to its end.
fn run(name: &str, executable: &Path) -> Result<Run> {
    let start = Instant::now();
    let mut child = Command::new(executable)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| {
            t(format!("示例 {name} 启动不了"), format!("example {name} does not start"))
        })?;
    let mut pipe = child.stdout.take().expect("stdout is piped");
    let mut errors = child.stderr.take().expect("stderr is piped");
    let reader = std::thread::spawn(move || read(&mut pipe));
    let error_reader = std::thread::spawn(move || read(&mut errors));
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            let seconds = LIMIT.as_secs();
            bail!(t(
                format!("示例 {name} 运行超过 {seconds} 秒，已停止。"),
                format!("Example {name} ran longer than {seconds} s and was stopped."),
            ));
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let millis = start.elapsed().as_millis() as u64;
    let stdout = reader.join().expect("the reader does not panic");
    if !status.success() {
        let stderr = error_reader.join().expect("the reader does not panic");
        bail!(t(
            format!("示例 {name} 失败了（{status}）：{}", stderr.trim()),
            format!("Example {name} failed ({status}): {}", stderr.trim()),
        ));
    }
    Ok(Run { stdout, millis })
}

fn read(pipe: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether the Rust playground can run this program: it uses nothing but the
/// standard library, tokio and futures, and ends within the playground's limit.
pub fn fits_playground(source: &str, millis: u64) -> bool {
    /// The playground stops a program after about six seconds, compiling included.
    const ROOM: u64 = 5_000;
    const CRATES: [&str; 8] =
        ["std", "core", "alloc", "tokio", "futures", "crate", "self", "super"];
    let known = |name: &str| CRATES.contains(&name) || source.contains(&format!("mod {name}"));
    // (ASCII classes: those of Unicode take longer to compile than all the rest.)
    let imports = Regex::new(r"(?m-u)^\s*(?:pub )?use\s+(?:::)?(\w+)").expect("a constant");
    millis < ROOM && imports.captures_iter(source).all(|import| known(&import[1]))
}

#[cfg(test)]
mod tests {
    use super::fits_playground;

    #[test]
    fn the_playground_runs_tokio_and_nothing_long_or_heavy() {
        assert!(fits_playground("use std::time::Duration;\nuse tokio::time::sleep;\n", 1_000));
        assert!(!fits_playground("use tokio::time::sleep;\n", 9_000));
        assert!(!fits_playground("use reqwest::Client;\n", 1_000));
    }
}
