//! The verdicts on an exercise's answer, as the terminal gives them.

use std::path::{Path, PathBuf};

use anyhow::Result;
use exercises::Exercise;
use grading::Verdict;
use practice::check;
use project::Edition;
use project::command::own_path;
use serde_json::{Value, json};
use verdicts::Progress;

use crate::tell::{self, tell};
use crate::{Job, limits};

/// Checks the answer as it lies on the disk.
///
/// # Errors
///
/// There is no such exercise, or cargo fails for a reason of its own.
pub fn check(job: &Job) -> Result<()> {
    let exercise = Exercise::named(&job.project, &job.name)?;
    hold(job);
    // The tests write where the job's temporary files and their own words go.
    let (_, printed) = practice::printed::keep_in(&job.project);
    std::fs::create_dir_all(&printed)?;
    let launcher = confined::launcher(own_path()?, &[&job.folder, Path::new(&printed)]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let cargo = |progress: &Progress| match progress {
        Progress::Blocking(line) => limits::cargo(line),
        Progress::Compiling(name) => {
            limits::cargo(&format!("Compiling {name}"));
            if *name == job.name {
                limits::compiling();
            }
        }
    };
    let checking = check::one(&job.project, &exercise, launcher, cargo);
    let (checked, printed) = match runtime.block_on(checking)? {
        Ok(told) => told,
        Err(damage) => {
            tell::error(damage.to_string());
            return Ok(());
        }
    };
    if !checked.told.is_empty() {
        tell(&json!({ "diagnostics": checked.told }));
    }
    let passed = checked.passed();
    let mut entries = checked.entries;
    exercise.sort(&mut entries);
    let tests: Vec<Value> = entries
        .iter()
        .map(|entry| {
            json!({
                "name": entry.test,
                "passed": entry.verdict == Verdict::Passed,
                "verdict": job.language.pick(&entry.verdict.name().zh, &entry.verdict.name().en),
                "message": job.language.pick(&entry.message.zh, &entry.message.en),
            })
        })
        .collect();
    let next = match passed {
        true => check::next(&job.project, Some(&exercise))?.0,
        false => None,
    };
    let next = next.map(|next| {
        let title = title(job, &next.name).unwrap_or_else(|| next.name.clone());
        json!({ "name": next.name, "title": title, "href": format!("{}.html#make", next.name) })
    });
    tell(&json!({ "checked": {
        "passed": passed, "tests": tests, "printed": printed, "next": next,
    } }));
    Ok(())
}

/// From now on cargo and rustc write where cargo keeps things, to the learner's progress
/// and to the job's folder alone, which is also that of temporary files.
fn hold(job: &Job) {
    let own = practice::folder(&job.project);
    let target = project::target_folder(&job.project.root);
    // What is not there cannot be written to later.
    let _ = std::fs::create_dir_all(&own).and_then(|()| std::fs::create_dir_all(&target));
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = cargo.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).unwrap_or_default();
    // A kernel without it checks as a terminal would.
    let _ = confined::hold(&[&own, &target, &cargo, &job.folder]);
}

/// What a chapter is called in the contents of the page's edition.
fn title(job: &Job, name: &str) -> Option<String> {
    let is_the_pages = |edition: &Edition| edition.language == job.language;
    let edition = project::EDITIONS.into_iter().find(is_the_pages)?;
    let contents = job.project.sources(edition).join("SUMMARY.md");
    let contents = std::fs::read_to_string(contents).ok()?;
    let entry = contents.lines().find(|line| line.ends_with(&format!("]({name}.md)")))?;
    let (_, title) = entry.split_once('[')?;
    Some(title.rsplit_once("](")?.0.to_owned())
}
