//! What became of exercises: compiles them with cargo, runs their tests, and
//! reads the line that each test adds to its report.
//!
//! A package is an exercise: a library and one test binary. All packages go
//! to one call of cargo, which goes on when one of them does not compile; a
//! test binary runs as soon as cargo has made it. Cargo and the tests each
//! run in a process group of their own, which is killed when the future is
//! dropped.
//!
//! What the student's code can reach can only cost it points. A test that is
//! in the binary's list and not in the report has failed. So has one that the
//! test process did not call `ok`, over a socket that nobody else can open:
//! nothing is gained by writing to the report.

use std::collections::{HashMap, VecDeque};
use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use beliefs::{Diagnostic, Fault};
use futures::stream::{FuturesUnordered, StreamExt};
use grading::report::{self, Entry};
use grading::{Text, Verdict};
use process_wrap::tokio::*;
use project::command;
use project::files::expect_writable;
use project::locale::t;
use project::target_folder;
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{ChildStderr, ChildStdout, Command};

/// How much of a report is read: a student's code could fill the file.
const LONGEST_REPORT: u64 = 16 << 20;

/// So many errors and warnings of a package are kept by code and place.
const MOST_FAULTS: usize = 100;

/// How long the tests of a package may take to be listed.
const LISTING: Duration = Duration::from_secs(30);

/// A cargo workspace, and where it is built.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The folder of its `Cargo.toml`.
    pub root: PathBuf,
    /// `CARGO_TARGET_DIR`, or `None` for what cargo would use by itself.
    pub target: Option<PathBuf>,
}

/// How to check.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether rustc's messages are coloured.
    pub colour: bool,
    /// Further arguments for cargo, such as `--offline`.
    pub arguments: Vec<OsString>,
    /// Further environment, for cargo and for the tests.
    pub environment: Vec<(OsString, OsString)>,
    /// A program and its arguments that start each test binary: it gets the
    /// binary's path and arguments after its own. None if empty.
    pub launcher: Vec<OsString>,
    /// How many test binaries run side by side.
    pub jobs: usize,
    /// How long cargo may take for all packages together.
    pub compile_limit: Option<Duration>,
    /// How long one test binary may take. Each test has a limit of its own:
    /// this one is for code that runs where there is no guard.
    pub run_limit: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            colour: false,
            arguments: Vec::new(),
            environment: Vec::new(),
            launcher: Vec::new(),
            jobs: 1,
            compile_limit: None,
            run_limit: Duration::from_secs(120),
        }
    }
}

/// What is told while packages are checked.
#[derive(Debug)]
pub enum News {
    /// Cargo began to compile this crate.
    Compiling(String),
    /// This package has its verdicts.
    Checked(Checked),
}

/// What became of one package.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The package's name.
    pub package: String,
    /// Whether it compiled.
    pub compiled: Compiled,
    /// rustc's warnings about it, as rustc renders them.
    pub warnings: String,
    /// What rustc's errors and warnings are, and where in the answer.
    pub faults: Vec<Fault>,
    /// One for each test, sorted by name. None if it did not compile.
    pub entries: Vec<Entry>,
}

/// Whether a package compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compiled {
    /// It did.
    Yes,
    /// It did not: rustc's errors, as rustc renders them.
    No(String),
    /// Cargo had not finished it at [`Options::compile_limit`].
    TooLong(Duration),
}

impl Checked {
    /// Whether there are tests and all of them passed.
    pub fn passed(&self) -> bool {
        !self.entries.is_empty()
            && self.entries.iter().all(|entry| entry.verdict == Verdict::Passed)
    }

    /// One entry for each test of `reference`, which is what the solution
    /// got: tests that did not come to run have failed, and are worth what
    /// they are worth there. Other tests are left out.
    pub fn against(&self, reference: &[Entry]) -> Vec<Entry> {
        let own = |test: &str| self.entries.iter().find(|entry| entry.test == test);
        let missed = |test: &Entry| match &self.compiled {
            Compiled::Yes => missing(&test.exercise, &test.test, None),
            Compiled::No(errors) => Entry {
                verdict: Verdict::DoesNotCompile,
                message: (errors.clone(), errors.clone()).into(),
                ..missing(&test.exercise, &test.test, None)
            },
            Compiled::TooLong(limit) => Entry {
                verdict: Verdict::DoesNotCompile,
                message: compiles_too_long(*limit),
                ..missing(&test.exercise, &test.test, None)
            },
        };
        let entry = |test: &Entry| {
            let found = own(&test.test).cloned().unwrap_or_else(|| missed(test));
            let points = if found.verdict == Verdict::Passed { test.out_of } else { 0 };
            Entry { points, out_of: test.out_of, ..found }
        };
        reference.iter().map(entry).collect()
    }
}

/// What to say of a package on which cargo took too long.
pub fn compiles_too_long(limit: Duration) -> Text {
    (
        format!("The compiler had not finished after {limit:?}, and was killed."),
        format!("编译超过 {limit:?} 还没有完成，只好终止它。"),
    )
        .into()
}

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
                Some(Said::Compiling(name)) => tell(News::Compiling(name)),
                Some(Said::Message(message)) => {
                    let package = built.entry(message.package()).or_default();
                    if let Some(executable) = package.hear(&message) {
                        ready.push_back(Test {
                            package: message.package(),
                            executable,
                            folder: message.folder(),
                            warnings: package.warnings.clone(),
                            faults: package.faults.clone(),
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
            entries: Vec::new(),
        }));
    }
    Ok(())
}

/// As good as for ever, and no overflow.
const LONG: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A call of cargo.
struct Cargo {
    group: Group,
    stdout: tokio::io::Split<BufReader<ChildStdout>>,
    stderr: Option<tokio::io::Split<BufReader<ChildStderr>>>,
    /// All that it said of itself.
    said: String,
}

enum Said {
    Message(Message),
    Compiling(String),
}

impl Cargo {
    fn start(workspace: &Workspace, packages: &[String], options: &Options) -> Result<Self> {
        let mut command = Command::new(command::cargo());
        let format = if options.colour { "json-diagnostic-rendered-ansi" } else { "json" };
        // The same units as `cargo test` compiles, so that both share them.
        command
            .args(["build", "--tests", "--keep-going", "--color=never"])
            .arg(format!("--message-format={format}"))
            .args(packages.iter().flat_map(|name| ["-p", name]))
            .args(&options.arguments)
            .envs(options.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(&workspace.root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(target) = &workspace.target {
            command.env("CARGO_TARGET_DIR", target);
        }
        let mut group = Group::spawn(command).context(t("无法运行 cargo", "cannot run cargo"))?;
        let stdout = group.child.stdout().take().context("it is piped")?;
        let stderr = group.child.stderr().take().context("it is piped")?;
        Ok(Self {
            group,
            stdout: BufReader::new(stdout).split(b'\n'),
            stderr: Some(BufReader::new(stderr).split(b'\n')),
            said: String::new(),
        })
    }

    /// The next of what it says; nothing when it has said all. Nothing is
    /// lost when the future is dropped.
    async fn next(&mut self) -> Result<Option<Said>> {
        loop {
            let aside = async {
                match &mut self.stderr {
                    Some(stderr) => stderr.next_segment().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                line = self.stdout.next_segment() => match line? {
                    // What is no message of cargo's is not for us.
                    Some(line) => if let Ok(message) = serde_json::from_slice(&line) {
                        return Ok(Some(Said::Message(message)));
                    },
                    None => {
                        while let Some(stderr) = &mut self.stderr
                            && let Some(line) = stderr.next_segment().await?
                        {
                            self.note(&line);
                        }
                        return Ok(None);
                    }
                },
                line = aside => match line? {
                    Some(line) => if let Some(name) = self.note(&line) {
                        return Ok(Some(Said::Compiling(name)));
                    },
                    None => self.stderr = None,
                },
            }
        }
    }

    /// Keeps a line, and answers with the crate that it says is compiled.
    fn note(&mut self, line: &[u8]) -> Option<String> {
        let line = String::from_utf8_lossy(line);
        self.said.push_str(line.trim_end());
        self.said.push('\n');
        line.trim_start().strip_prefix("Compiling ")?.split(' ').next().map(str::to_owned)
    }

    /// Why it failed: what it said from its first error on.
    fn failure(&self) -> anyhow::Error {
        let from = self.said.find("error").unwrap_or(0);
        let reason = self.said[from..].trim_end();
        anyhow!("{}\n{reason}", t("cargo 失败了：", "cargo failed:"))
    }
}

/// The parts of cargo's messages that are read here.
#[derive(Deserialize)]
struct Message {
    package_id: String,
    manifest_path: PathBuf,
    target: Target,
    executable: Option<PathBuf>,
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

impl Message {
    /// The name in a package id: `path+file:///a/NAME#0.1.0` or `…#NAME@0.1.0`.
    fn package(&self) -> String {
        let (path, version) = self.package_id.split_once('#').unwrap_or((&self.package_id, ""));
        let name = match version.split_once('@') {
            Some((name, _)) => name,
            None => path.rsplit('/').next().unwrap_or_default(),
        };
        name.to_owned()
    }

    fn folder(&self) -> PathBuf {
        self.manifest_path.parent().unwrap_or(Path::new(".")).to_owned()
    }
}

/// What cargo has said of a package so far.
#[derive(Default)]
struct Built {
    errors: String,
    warnings: String,
    faults: Vec<Fault>,
    tested: bool,
}

impl Built {
    /// Takes in a message, and answers with the test binary that it names.
    fn hear(&mut self, message: &Message) -> Option<PathBuf> {
        if let Some(diagnostic) = &message.message {
            let fault = diagnostic.fault(&message.folder().join("src/lib.rs"));
            self.faults.extend(fault.filter(|_| self.faults.len() < MOST_FAULTS));
            let rendered = diagnostic.rendered.as_deref().unwrap_or_default();
            // Without a place it only counts the others ("2 warnings emitted").
            match diagnostic.level.as_str() {
                "warning" if !diagnostic.spans.is_empty() => self.warnings.push_str(rendered),
                "error" | "error: internal compiler error"
                    if !diagnostic.spans.is_empty() || !rendered.contains("aborting due to") =>
                {
                    self.errors.push_str(rendered);
                }
                _ => {}
            }
        }
        let executable = message.executable.clone()?;
        self.tested = message.target.kind.iter().any(|kind| kind == "test");
        self.tested.then_some(executable)
    }
}

/// A test binary that can run.
struct Test {
    package: String,
    executable: PathBuf,
    folder: PathBuf,
    warnings: String,
    faults: Vec<Fault>,
}

async fn run(test: Test, options: &Options) -> Result<Checked> {
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
        let Test { package, warnings, faults, .. } = test;
        let (compiled, entries) = (Compiled::Yes, Vec::new());
        return Ok(Checked { package, compiled, warnings, faults, entries });
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

/// What stands for a test that left no line.
fn missing(exercise: &str, test: &str, limit: Option<Duration>) -> Entry {
    let (verdict, message): (_, Text) = match limit {
        Some(limit) => (
            Verdict::Hung,
            (
                format!("The tests had not ended after {limit:?}, and were killed."),
                format!("测试超过 {limit:?} 还没有结束，只好终止。"),
            )
                .into(),
        ),
        None => (
            Verdict::EarlyExit,
            (
                "The test left no line in the report: its process was ended before it could.",
                "测试没有在报告里留下结果：它的进程提前结束了。",
            )
                .into(),
        ),
    };
    Entry {
        version: report::VERSION,
        exercise: exercise.to_owned(),
        test: test.to_owned(),
        verdict,
        message,
        points: 0,
        out_of: 1,
        virtual_ms: None,
        real_ms: 0,
        output: String::new(),
        cut: None,
        missing: Vec::new(),
    }
}

/// A test binary's name without cargo's hash: `gather-0123456789abcdef`.
fn exercise(executable: &Path) -> String {
    let stem = executable.file_stem().unwrap_or_default().to_string_lossy();
    stem.rsplit_once('-').map_or(stem.as_ref(), |(name, _)| name).to_owned()
}

/// A process with its group, killed together when this is dropped.
struct Group {
    child: Box<dyn ChildWrapper>,
    /// Its number may belong to another process by now.
    ended: bool,
}

impl Group {
    fn spawn(command: Command) -> Result<Self> {
        let mut wrapped = CommandWrap::from(command);
        #[cfg(unix)]
        wrapped.wrap(ProcessGroup::leader());
        #[cfg(windows)]
        wrapped.wrap(JobObject);
        Ok(Self { child: wrapped.spawn()?, ended: false })
    }

    async fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait().await?;
        self.ended = true;
        Ok(status)
    }

    async fn kill(&mut self) {
        if !self.ended {
            let _ = self.child.start_kill();
            let _ = self.wait().await;
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.ended {
            let _ = self.child.start_kill();
        }
    }
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

    #[test]
    fn tests_that_did_not_run_have_failed() {
        let mut checked = Checked {
            package: "gather".to_owned(),
            compiled: Compiled::No("error: no".to_owned()),
            warnings: String::new(),
            faults: Vec::new(),
            entries: Vec::new(),
        };
        let reference = [entry("a", Verdict::Passed), entry("b", Verdict::Passed)];
        let all = checked.against(&reference);
        assert!(all.iter().all(|entry| entry.verdict == Verdict::DoesNotCompile));
        assert!(all.iter().all(|entry| (entry.points, entry.out_of) == (0, 2)));

        checked.compiled = Compiled::Yes;
        checked.entries = vec![entry("b", Verdict::Passed)];
        let all = checked.against(&reference);
        assert_eq!((all[0].verdict, all[0].points), (Verdict::EarlyExit, 0));
        assert_eq!((all[1].verdict, all[1].points), (Verdict::Passed, 2));
    }
}
