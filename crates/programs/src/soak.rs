//! Determinism under load: every program many times on the real clock, with
//! every core kept busy, and not one different byte.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use project::locale::t;
use project::{Project, files, progress};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::compile;

/// How many runs are under way at once for each core. They mostly sleep.
const RUNS_PER_CORE: usize = 64;

/// Runs each program `times` times and compares every run with what it is expected
/// to print.
///
/// # Errors
///
/// A program fails, or prints something else in one of its runs: the error
/// names the programs and the files that hold the other output.
pub async fn soak(
    project: &Project,
    times: usize,
    expected: BTreeMap<String, String>,
) -> Result<()> {
    let executables = compile::all(project)?;

    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let _load = Load::on(cores);
    let room = Arc::new(Semaphore::new(cores * RUNS_PER_CORE));
    let bar = progress::bar(t("反复运行", "Soaking"), expected.len() * times);

    let mut runs = JoinSet::new();
    let count = expected.len();
    for (name, expected) in expected {
        let executable = executables.get(&name).with_context(|| name.clone())?;
        let (expected, executable) = (Arc::new(expected), Arc::new(executable.clone()));
        for _ in 0..times {
            let (name, room) = (name.clone(), room.clone());
            let (expected, executable) = (expected.clone(), executable.clone());
            runs.spawn(async move {
                let _place = room.acquire_owned().await.expect("it is never closed");
                let printed = run(&executable).await.with_context(|| name.clone())?;
                let differs = printed != expected.as_bytes();
                anyhow::Ok((name, differs.then_some(printed)))
            });
        }
    }
    let mut other = Vec::new();
    while let Some(run) = runs.join_next().await {
        let (name, different) = run??;
        bar.set_message(name.clone());
        bar.inc(1);
        if let Some(printed) = different {
            let file = project.scratch().join(format!("soak/{name}.{}.txt", other.len() + 1));
            files::write_whole(&file, &printed)?;
            other.push(format!("{name}: {}", file.display()));
        }
    }
    bar.finish_and_clear();
    if !other.is_empty() {
        bail!(t(
            format!("有 {} 次运行打印了别的内容：\n{}", other.len(), other.join("\n")),
            format!("{} runs printed something else:\n{}", other.len(), other.join("\n")),
        ));
    }
    eprintln!(
        "{}",
        t(
            format!("{count} 个程序各运行 {times} 次，每次的输出完全相同。"),
            format!("{count} programs, {times} runs each: every run printed the same bytes."),
        )
    );
    Ok(())
}

async fn run(executable: &PathBuf) -> Result<Vec<u8>> {
    let output = tokio::process::Command::new(executable)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .output()
        .await?;
    if !output.status.success() {
        bail!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}

/// Keeps every core busy for as long as it lives.
struct Load(Arc<AtomicBool>);

impl Load {
    fn on(cores: usize) -> Load {
        let over = Arc::new(AtomicBool::new(false));
        for _ in 0..cores {
            let over = over.clone();
            std::thread::spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        Load(over)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
