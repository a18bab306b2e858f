//! Where answers are compiled, run, and remembered.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use beliefs::Fault;
use grading::report::Entry;
use indicatif::ProgressBar;
use project::Project;
use project::command::own_path;
use project::files::{expect_writable, write_whole};
use project::locale::t;
use project::progress;
use regex::Regex;
use serde::{Deserialize, Serialize};
use verdicts::{Checked, Compiled, News, Workspace};

use crate::compiler;
use crate::workspace::{self, Package};

/// How long rustc may take for one source, in seconds.
const COMPILE_SECONDS: u64 = 60;

/// How long the tests of one answer may take together.
const RUN_LIMIT: Duration = Duration::from_secs(60);

/// So many packages go to one call of cargo.
const BATCH: usize = 240;

/// How much of rustc's words a page shows, in bytes.
const MOST_ERRORS: usize = 6 << 10;

/// What is kept of a graded answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Graded {
    /// rustc's words, if it does not compile.
    pub errors: Option<String>,
    /// rustc's errors and warnings, by code and place.
    pub faults: Vec<Fault>,
    pub entries: Vec<Entry>,
}

pub type Results = BTreeMap<String, Graded>;

/// Where answers are compiled, run, and remembered.
pub struct Shop {
    root: PathBuf,
    /// Held as long as this grader works here.
    _lock: Option<std::fs::File>,
}

impl Shop {
    pub fn open(project: &Project) -> Result<Shop> {
        let root = std::path::absolute(project.scratch().join("grade"))?;
        expect_writable(&root)?;
        let _lock = lock(&root.join("lock"))?;
        Ok(Shop { root, _lock })
    }

    fn result(&self, key: &str) -> PathBuf {
        self.root.join("results").join(format!("{key}.json"))
    }

    /// The results of all packages, from memory or anew.
    pub async fn grade(
        &self,
        project: &Project,
        packages: Vec<Package<'_>>,
        again: bool,
    ) -> Result<Results> {
        let mut results = Results::new();
        let mut due: Vec<Package<'_>> = Vec::new();
        let mut seen = BTreeSet::new();
        for package in packages {
            if !seen.insert(package.key.clone()) {
                continue;
            }
            let kept = std::fs::read(self.result(&package.key)).ok();
            match kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).filter(|_| !again) {
                Some(graded) => _ = results.insert(package.key, graded),
                None => due.push(package),
            }
        }
        if due.is_empty() {
            return Ok(results);
        }
        let progress = Progress::new(due.len());
        for batch in due.chunks(BATCH) {
            self.grade_batch(project, batch, &progress, &mut results).await?;
        }
        progress.end();
        Ok(results)
    }

    async fn grade_batch(
        &self,
        project: &Project,
        batch: &[Package<'_>],
        progress: &Progress,
        results: &mut Results,
    ) -> Result<()> {
        let folder = self.root.join("packages");
        let work = self.root.join("work");
        let _ = std::fs::remove_dir_all(&work);
        workspace::write(project, batch, &folder)?;
        let own = own_path()?;
        let target = self.root.join("target");
        let limit = std::env::var_os(compiler::LIMIT);
        let limit = limit.unwrap_or_else(|| COMPILE_SECONDS.to_string().into());
        let options = verdicts::Options {
            // The packages lie elsewhere; the flags are those of the project.
            arguments: vec!["--manifest-path".into(), folder.join("Cargo.toml").into()],
            environment: vec![
                ("RUSTC_WORKSPACE_WRAPPER".into(), own.into()),
                (compiler::LIMIT.into(), limit),
            ],
            launcher: vec![own.into(), "confined".into(), work.clone().into()],
            jobs: thread::available_parallelism().map_or(1, |count| count.get()),
            run_limit: RUN_LIMIT,
            ..verdicts::Options::default()
        };
        let by_name: BTreeMap<String, &Package<'_>> =
            batch.iter().map(|package| (package.name(), package)).collect();
        let names: Vec<String> = by_name.keys().cloned().collect();
        let place = Workspace { root: project.root.clone(), target: Some(target.clone()) };
        let mut failure = None;
        verdicts::check_all(&place, &names, &options, |news| match news {
            News::Cargo(verdicts::Progress::Compiling(name)) => progress.compiling(&name),
            News::Cargo(verdicts::Progress::Blocking(_)) => {}
            News::Checked(checked) => {
                let Some(package) = by_name.get(&checked.package) else { return };
                let graded = self.graded(checked);
                let kept = serde_json::to_vec(&graded)
                    .map_err(anyhow::Error::from)
                    .and_then(|bytes| write_whole(&self.result(&package.key), &bytes));
                failure = failure.take().or(kept.err());
                results.insert(package.key.clone(), graded);
                progress.graded(&package.exercise.name);
            }
        })
        .await?;
        if let Some(error) = failure {
            return Err(error);
        }
        let exercises = batch.iter().map(|package| package.exercise.name.as_str()).collect();
        forget_binaries(&target.join("debug"), &exercises);
        let _ = std::fs::remove_dir_all(&work);
        Ok(())
    }

    /// What is kept of it, without the paths of this machine.
    fn graded(&self, checked: Checked) -> Graded {
        let own = self.root.join("packages").to_string_lossy().into_owned();
        let scratch = self.root.to_string_lossy().into_owned();
        let home = std::env::home_dir().map(|home| home.to_string_lossy().into_owned());
        let hide = |text: &str| {
            let text = LIBRARIES.replace_all(text, "");
            let text = text.replace(&format!("{own}/"), "").replace(&scratch, "…");
            let text = text.replace(&format!("{}/", checked.package), "");
            match home.as_deref().filter(|home| home.len() > 1) {
                Some(home) => text.replace(home, "~"),
                None => text,
            }
        };
        let errors = match &checked.compiled {
            Compiled::Yes => None,
            Compiled::No(errors) => Some(shorten(&hide(errors))),
            Compiled::TooLong(limit) => {
                let said = verdicts::compiles_too_long(*limit);
                Some(format!("error: {}\n  = {}\n", said.en, said.zh))
            }
        };
        let entries = checked.entries.iter().cloned().map(|entry| Entry {
            message: (hide(&entry.message.en), hide(&entry.message.zh)).into(),
            output: hide(&entry.output),
            ..entry
        });
        Graded { errors, faults: checked.faults.clone(), entries: entries.collect() }
    }
}

/// The way to the libraries' sources, which is the teacher's.
static LIBRARIES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[^\s`'(]*registry/src/[^/\s]+/").expect("a constant"));

fn shorten(text: &str) -> String {
    match (0..=MOST_ERRORS).rev().find(|&end| text.is_char_boundary(end)) {
        Some(end) if end < text.len() => format!("{}\n…", &text[..end]),
        _ => text.to_owned(),
    }
}

/// Two graders in one scratch folder would spoil each other's work.
#[cfg(unix)]
fn lock(path: &Path) -> Result<Option<std::fs::File>> {
    // Nothing is written, whatever the file is.
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(false).open(path);
    let file = file.with_context(|| path.display().to_string())?;
    let lock = rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive);
    if lock == Err(rustix::io::Errno::WOULDBLOCK) {
        bail!(t(
            "另一个 grade 正在运行；请等它结束。",
            "Another `grade` is running here; wait for it to end."
        ));
    }
    Ok(Some(file))
}

#[cfg(not(unix))]
fn lock(_: &Path) -> Result<Option<std::fs::File>> {
    Ok(None)
}

/// Removes what was compiled of answers: their results are kept, and a class
/// makes gigabytes.
fn forget_binaries(built: &Path, exercises: &BTreeSet<&str>) {
    let is_answer = |name: &str, between: &str| {
        exercises.iter().any(|exercise| {
            let name = name.strip_prefix("lib").unwrap_or(name);
            name.strip_prefix(exercise).is_some_and(|rest| rest.starts_with(between))
        })
    };
    for (folder, between) in [("deps", "-"), (".fingerprint", "--")] {
        for entry in built.join(folder).read_dir().into_iter().flatten().flatten() {
            if !is_answer(&entry.file_name().to_string_lossy(), between) {
                continue;
            }
            let _ = std::fs::remove_file(entry.path());
            if folder == ".fingerprint" {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }
}

/// The bar, and what is said when it is cut short.
struct Progress {
    bar: ProgressBar,
}

impl Progress {
    fn new(due: usize) -> Progress {
        let bar = progress::bar(t("评分", "Grading"), due);
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress { bar }
    }

    fn compiling(&self, name: &str) {
        let name = name.split("--").next().unwrap_or(name).to_owned();
        self.bar.set_message(t(format!("编译 {name}"), format!("compiling {name}")));
    }

    fn graded(&self, name: &str) {
        self.bar.set_message(name.to_owned());
        self.bar.inc(1);
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.bar.is_finished() {
            return;
        }
        self.bar.abandon();
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
        eprintln!(
            "\n{}",
            t(
                format!("已保存 {done}/{all} 份答案的评分；再运行同一条命令就会接着做。"),
                format!(
                    "{done} of {all} answers are graded and kept; the same command goes on from there."
                ),
            )
        );
    }
}
