//! A test binary: runs it, and reads the line that each test adds to its report.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use beliefs::Fault;
use grading::report::{self, Entry};
use grading::{Text, Verdict};
use project::locale::t;
use rustc::Told;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use crate::checked::{Checked, Compiled, missing};
use crate::group::Group;
use crate::options::Options;

/// How much of a report is read: a student's code could fill the file.
const LONGEST_REPORT: u64 = 16 << 20;

/// How long the tests of a package may take to be listed.
const LISTING: Duration = Duration::from_secs(30);

/// A test binary that can run.
pub struct Test {
    pub package: String,
    pub executable: PathBuf,
    pub folder: PathBuf,
    pub warnings: String,
    pub faults: Vec<Fault>,
    pub told: Vec<Told>,
}

pub async fn run(test: Test, options: &Options) -> Result<Checked> {
    let command = |report: &Path| {
        let mut words: Vec<&OsStr> = options.launcher.iter().map(OsString::as_os_str).collect();
        words.push(test.executable.as_os_str());
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .current_dir(&test.folder)
            .envs(options.environment.iter().map(|(name, value)| (name, value)))
            .env(report::REPORT, report)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    let cannot_run = || {
        let name = &test.package;
        t(format!("{name} 的测试运行不了"), format!("the tests of {name} cannot be run"))
    };
    let tests = list(command(Path::new(""))).await.with_context(cannot_run)?;

    if tests.is_empty() {
        // Something ends or holds the process before `main`.
        let Test { package, warnings, faults, told, .. } = test;
        let (compiled, entries) = (Compiled::Yes, Vec::new());
        return Ok(Checked { package, compiled, warnings, faults, told, entries });
    }

    let report = tempfile::NamedTempFile::new()?;
    let mut running = command(report.path());
    running.args(["--format", "pretty", "--color", "never"]);
    let (mut group, said) = spawn_heard(running).with_context(cannot_run)?;
    let in_time = tokio::time::timeout(options.run_limit, group.wait()).await.is_ok();
    group.kill().await;
    let said = said.end().await;

    // Through the handle: by its name it could be anything by now.
    let mut bytes = Vec::new();
    report.as_file().take(LONGEST_REPORT).read_to_end(&mut bytes)?;
    let reported = entries(&bytes);
    let limit = (!in_time).then_some(options.run_limit);
    let exercise = exercise(&test.executable);
    let entry = |name: &String| match reported.get(name) {
        Some(entry) if entry.verdict != Verdict::Passed || said.calls_ok(name) => entry.clone(),
        Some(_) => Entry { message: forged(), ..missing(&exercise, name, None) },
        None => missing(&exercise, name, limit),
    };
    Ok(Checked {
        package: test.package,
        compiled: Compiled::Yes,
        warnings: test.warnings,
        faults: test.faults,
        told: test.told,
        entries: tests.iter().map(entry).collect(),
    })
}

/// What libtest said of the tests, in its own words; nothing where it cannot
/// be heard.
struct Words(Option<String>);

impl Words {
    fn calls_ok(&self, test: &str) -> bool {
        let line = format!("test {test} ... ok");
        // What follows "failures:" quotes what tests printed.
        let is_said = |said: &String| {
            said.lines().take_while(|said| *said != "failures:").any(|said| said == line)
        };
        self.0.as_ref().is_none_or(is_said)
    }
}

/// The words on their way.
struct Listening(Option<tokio::task::JoinHandle<Vec<u8>>>);

impl Listening {
    async fn end(self) -> Words {
        let Some(heard) = self.0 else { return Words(None) };
        // A process that was left behind could hold the other end.
        let bytes = tokio::time::timeout(Duration::from_secs(1), heard).await;
        let bytes = bytes.ok().and_then(Result::ok).unwrap_or_default();
        Words(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// Starts a test binary whose standard output is a socket: unlike a pipe, it
/// cannot be opened a second time through /proc.
#[cfg(unix)]
fn spawn_heard(mut command: Command) -> Result<(Group, Listening)> {
    use std::os::{fd::OwnedFd, unix::net::UnixStream};
    let (ours, theirs) = UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let ours = tokio::net::UnixStream::from_std(ours)?;
    command.stdout(OwnedFd::from(theirs));
    // The command holds the other end, and is dropped in here.
    let group = Group::spawn(command)?;
    let listening = tokio::spawn(async move {
        let mut bytes = Vec::new();
        let _ = ours.take(LONGEST_REPORT).read_to_end(&mut bytes).await;
        bytes
    });
    Ok((group, Listening(Some(listening))))
}

#[cfg(not(unix))]
fn spawn_heard(command: Command) -> Result<(Group, Listening)> {
    Ok((Group::spawn(command)?, Listening(None)))
}

/// What to say of a test that passed by the report alone.
fn forged() -> Text {
    (
        "The report says that this test passed, the test process does not: \
         something else wrote to the report.",
        "报告说这个测试通过了，测试进程却没有这样说：有别的东西改写了报告。",
    )
        .into()
}

/// The names of the tests in a binary, sorted; none if it does not get to say.
async fn list(mut command: Command) -> Result<Vec<String>> {
    command.args(["--list", "--format", "terse"]).stdout(Stdio::piped());
    let mut group = Group::spawn(command)?;
    let stdout = group.child.stdout().take().context("it is piped")?;
    let mut bytes = Vec::new();
    let mut stdout = stdout.take(LONGEST_REPORT);
    let _ = tokio::time::timeout(LISTING, stdout.read_to_end(&mut bytes)).await;
    group.kill().await;
    let text = String::from_utf8_lossy(&bytes);
    let names = text.lines().filter_map(|line| line.strip_suffix(": test"));
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    Ok(names)
}

/// The entries of a report by test. A test that is there twice has failed if
/// it failed once: the student's code can add lines.
fn entries(report: &[u8]) -> HashMap<String, Entry> {
    let mut entries: HashMap<String, Entry> = HashMap::new();
    for line in report.split(|&byte| byte == b'\n') {
        let Ok(entry) = serde_json::from_slice::<Entry>(line) else { continue };
        let failed = entries.get(&entry.test).is_some_and(|known| known.verdict != Verdict::Passed);
        if entry.version == report::VERSION && !failed {
            entries.insert(entry.test.clone(), entry);
        }
    }
    entries
}

/// A test binary's name without cargo's hash: `gather-0123456789abcdef`.
fn exercise(executable: &Path) -> String {
    let stem = executable.file_stem().unwrap_or_default().to_string_lossy();
    stem.rsplit_once('-').map_or(stem.as_ref(), |(name, _)| name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(test: &str, verdict: Verdict) -> Entry {
        Entry { verdict, out_of: 2, ..missing("gather", test, None) }
    }

    #[test]
    fn a_forged_line_does_not_undo_a_failure() {
        let lines = [
            entry("a", Verdict::Passed),
            entry("a", Verdict::Wrong),
            entry("a", Verdict::Passed),
            entry("b", Verdict::Passed),
        ];
        let report: Vec<String> =
            lines.iter().map(|entry| serde_json::to_string(entry).expect("JSON")).collect();
        let found = entries(format!("no JSON\n{}\n", report.join("\n")).as_bytes());
        assert_eq!(found["a"].verdict, Verdict::Wrong);
        assert_eq!(found["b"].verdict, Verdict::Passed);
    }

    #[test]
    fn only_the_test_process_calls_a_test_ok() {
        let said = Words(Some("test a ... ok\nfailures:\ntest b ... ok\n".to_owned()));
        assert!(said.calls_ok("a") && !said.calls_ok("b"));
    }
}
