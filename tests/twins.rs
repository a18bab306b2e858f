//! Every Python twin prints what the Rust program prints, except where a line
//! of `twins.toml` says what differs and why. Needs Python: an ignored test.
//!
//! `WB_PYTHON` names the interpreter (the one of CI's venv); else `python3`.

use std::collections::BTreeMap;
use std::process::Command;

use book::{page, recordings};
use libtest_mimic::{Arguments, Failed, Trial};
use project::Project;
use serde::Deserialize;

/// A line that the twins print differently.
#[derive(Deserialize)]
struct Difference {
    python: String,
    rust: String,
    why: String,
}

fn main() -> anyhow::Result<()> {
    let mut arguments = Arguments::from_args();
    let project = Project::find()?;
    let names = project.programs()?;
    let data = std::fs::read_to_string(project.root.join("tests/twins.toml"))?;
    let mut differences: BTreeMap<String, Vec<Difference>> = toml::from_str(&data)?;
    if let Some(stranger) = differences.keys().find(|name| !names.contains(name)) {
        anyhow::bail!("tests/twins.toml: there is no program {stranger}");
    }
    // They wait: side by side, even where tests that compute go one at a time.
    arguments.test_threads = Some(names.len().max(1));
    let trials = names
        .into_iter()
        .map(|name| {
            let differences = differences.remove(&name).unwrap_or_default();
            let project = project.clone();
            let title = name.clone();
            Trial::test(title, move || compare(&project, &name, &differences))
                .with_ignored_flag(true)
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit()
}

fn compare(project: &Project, name: &str, differences: &[Difference]) -> Result<(), Failed> {
    let python = std::env::var("WB_PYTHON").unwrap_or_else(|_| "python3".into());
    let command = page::python_command(project, name).map_err(|error| format!("{error:#}"))?;
    let output = Command::new(&python)
        .args(command.split(' ').skip(1))
        .current_dir(&project.root)
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .map_err(|error| format!("{python}: {error}; set WB_PYTHON to a Python 3.11 or later"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let trace = recordings::trace(project, name).map_err(|error| format!("{error:#}"))?;
    let mut expected: String = trace.lines().map(|line| format!("{line}\n")).collect();
    for Difference { python, rust, why } in differences {
        if !expected.contains(rust.as_str()) || why.is_empty() {
            return Err(format!(
                "twins.toml: {name} prints no line {rust:?}, or no reason is given"
            )
            .into());
        }
        expected = expected.replace(rust.as_str(), python);
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    if printed != expected {
        let diff = similar::TextDiff::from_lines(expected.as_str(), &printed);
        return Err(format!("{}", diff.unified_diff().header("rust", "python")).into());
    }
    Ok(())
}
