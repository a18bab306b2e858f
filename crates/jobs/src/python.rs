//! The Python half: which Python there is, and how it is asked to run a twin.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, anyhow, bail};

use crate::Job;

/// The twins need this one at least: the tutorials' `TaskGroup` and `timeout`.
const OLDEST: (u32, u32) = (3, 11);

/// Names another Python than the system's: that of a venv.
const PYTHON: &str = "WB_PYTHON";

/// How to run the job's twin, or its text.
///
/// # Errors
///
/// There is no Python that is new enough: what to install.
pub fn command(job: &Job) -> Result<Command> {
    let python = find(&job.project.root).ok_or_else(|| {
        let (major, minor) = OLDEST;
        anyhow!(job.language.pick(
            format!(
                "没有找到 Python {major}.{minor} 或更新的版本：请从 https://www.python.org/downloads/ 安装，或用 {PYTHON} 指明一个，再启动这本书。"
            ),
            format!(
                "There is no Python {major}.{minor} or later: install one from https://www.python.org/downloads/, or name one in {PYTHON}, and start the book again."
            ),
        ))
    })?;
    let twin = job.project.twin(&job.name);
    let text = match &job.text {
        Some(text) => text.clone(),
        None => std::fs::read_to_string(&twin)?,
    };
    let Some(file_name) = twin.file_name() else { bail!("{} has no name", twin.display()) };
    // Call stacks name the file as the page does.
    let file = job.folder.join(file_name);
    std::fs::write(&file, text)?;
    let mut command = Command::new(python);
    command
        // A twin may have the name of the package that it imports.
        .args(["-u", "-P"])
        .arg(&file)
        .env("PYTHONPATH", twin.parent().unwrap_or(Path::new(".")))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONIOENCODING", "utf-8");
    Ok(command)
}

fn find(root: &Path) -> Option<PathBuf> {
    let named = std::env::var_os(PYTHON).filter(|it| !it.is_empty()).map(PathBuf::from);
    let own = [".venv/bin/python", ".venv/Scripts/python.exe"].map(|path| root.join(path));
    let own = own.into_iter().filter(|path| path.is_file());
    let usual = ["python3", "python"].map(PathBuf::from);
    named.into_iter().chain(own).chain(usual).find(|python| is_new(python))
}

fn is_new(python: &Path) -> bool {
    let (major, minor) = OLDEST;
    let ask = format!("import sys; sys.exit(sys.version_info < ({major}, {minor}))");
    let status = Command::new(python)
        .args(["-S", "-c", &ask])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}
