//! One call of cargo, and what it says of each package.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, anyhow};
use beliefs::Fault;
use project::command;
use project::locale::t;
use rustc::{Diagnostic, Told};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{ChildStderr, ChildStdout, Command};

use crate::checked::Progress;
use crate::group::Group;
use crate::options::{Options, Workspace};

/// So many errors and warnings of a package are kept by place.
const MOST_FAULTS: usize = 100;

/// A call of cargo.
pub struct Cargo {
    pub group: Group,
    stdout: tokio::io::Split<BufReader<ChildStdout>>,
    stderr: Option<tokio::io::Split<BufReader<ChildStderr>>>,
    /// All that it said of itself.
    said: String,
}

pub enum Said {
    Message(Box<Message>),
    Progress(Progress),
}

impl Cargo {
    pub fn start(workspace: &Workspace, packages: &[String], options: &Options) -> Result<Self> {
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
    pub async fn next(&mut self) -> Result<Option<Said>> {
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
                    Some(line) => if let Ok(message) = serde_json::from_slice::<Box<Message>>(&line) {
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
                    Some(line) => if let Some(progress) = self.note(&line) {
                        return Ok(Some(Said::Progress(progress)));
                    },
                    None => self.stderr = None,
                },
            }
        }
    }

    /// Keeps a line, and answers with the progress that it tells of.
    fn note(&mut self, line: &[u8]) -> Option<Progress> {
        let line = String::from_utf8_lossy(line);
        self.said.push_str(line.trim_end());
        self.said.push('\n');
        let line = line.trim();
        if line.starts_with("Blocking ") {
            return Some(Progress::Blocking(line.to_owned()));
        }
        let name = line.strip_prefix("Compiling ")?.split(' ').next()?;
        Some(Progress::Compiling(name.to_owned()))
    }

    /// Why it failed: what it said from its first error on.
    pub fn failure(&self) -> anyhow::Error {
        let from = self.said.find("error").unwrap_or(0);
        let reason = self.said[from..].trim_end();
        anyhow!("{}\n{reason}", t("cargo 失败了：", "cargo failed:"))
    }
}

/// The parts of cargo's messages that are read here.
#[derive(Deserialize)]
pub struct Message {
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
    pub fn package(&self) -> String {
        let (path, version) = self.package_id.split_once('#').unwrap_or((&self.package_id, ""));
        let name = match version.split_once('@') {
            Some((name, _)) => name,
            None => path.rsplit('/').next().unwrap_or_default(),
        };
        name.to_owned()
    }

    pub fn folder(&self) -> PathBuf {
        self.manifest_path.parent().unwrap_or(Path::new(".")).to_owned()
    }
}

/// What cargo has said of a package so far.
#[derive(Default)]
pub struct Built {
    pub errors: String,
    pub warnings: String,
    pub faults: Vec<Fault>,
    pub told: Vec<Told>,
    pub tested: bool,
}

impl Built {
    /// Takes in a message, and answers with the test binary that it names.
    pub fn hear(&mut self, message: &Message) -> Option<PathBuf> {
        if let Some(diagnostic) = &message.message {
            let answer = message.folder().join("src/lib.rs");
            let fault = Fault::of(diagnostic, &answer);
            self.faults.extend(fault.filter(|_| self.faults.len() < MOST_FAULTS));
            let rendered = diagnostic.rendered.as_deref().unwrap_or_default();
            if diagnostic.is_finding() {
                let kept =
                    if diagnostic.is_error() { &mut self.errors } else { &mut self.warnings };
                kept.push_str(rendered);
                if self.told.len() < MOST_FAULTS {
                    self.told.push(diagnostic.told(&answer));
                }
            }
        }
        let executable = message.executable.clone()?;
        self.tested = message.target.kind.iter().any(|kind| kind == "test");
        self.tested.then_some(executable)
    }
}
