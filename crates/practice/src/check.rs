//! The verdicts on answers, and what to do next.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Context, Result};
use console::{Term, style};
use exercises::Exercise;
use exercises::damage::{self, Damage};
use grading::Verdict;
use project::Project;
use project::command::typed;
use project::locale::t;
use unicode_width::UnicodeWidthStr;
use verdicts::{Checked, Compiled, News, Options, Progress, Workspace};

use crate::{
    help, printed, show,
    state::{Standing, State},
    terminal,
};

/// Which answers to check.
#[derive(Debug, Clone)]
pub enum Which {
    /// The first in the order of the chapters that has not passed.
    Next,
    /// These.
    Named(Vec<String>),
    /// All.
    All,
}

/// Checks answers, says what became of them, and succeeds if all passed.
///
/// # Errors
///
/// There is no such exercise, or cargo fails for a reason of its own.
pub async fn check(project: &Project, which: Which) -> Result<ExitCode> {
    let exercises = match which {
        Which::All => return all(project).await,
        Which::Next => {
            let (next, damaged) = next(project, None)?;
            for damage in &damaged {
                eprintln!("{damage}");
            }
            match next {
                Some(exercise) => vec![exercise],
                None if !damaged.is_empty() => return Ok(ExitCode::FAILURE),
                None => {
                    terminal::print(&format!("{}\n", everything_passed()));
                    return Ok(ExitCode::SUCCESS);
                }
            }
        }
        Which::Named(names) => {
            let exercises = names.iter().map(|name| Exercise::named(project, name));
            exercises.collect::<Result<Vec<_>>>()?
        }
    };
    let (mut passed, many) = (0, exercises.len() > 1);
    let spinner = terminal::spinner(names(&exercises));
    let mut advice = Ok(String::new());
    grade(project, &exercises, Vec::new(), terminal::cargo(&spinner), |exercise, checked| {
        let checked = match checked {
            Ok(checked) => checked,
            Err(damage) => return spinner.suspend(|| terminal::print(&format!("{damage}\n"))),
        };
        passed += usize::from(checked.passed());
        spinner.suspend(|| terminal::print(&show::verdicts(exercise, &checked)));
        advice = after(project, exercise, &checked);
        if many {
            spinner.suspend(|| terminal::print(&format!("{}\n\n", count(&checked))));
        } else {
            spinner.finish_and_clear();
            terminal::print(&format!("{}\n", count(&checked)));
        }
    })
    .await?;
    spinner.finish_and_clear();
    let all = passed == exercises.len();
    if many {
        terminal::print(&format!("{}\n", count_exercises(passed, exercises.len())));
        if !all {
            advice = Ok(String::new());
        }
    }
    terminal::print(&advice?);
    Ok(code(all))
}

/// All exercises, a line each.
async fn all(project: &Project) -> Result<ExitCode> {
    let exercises = Exercise::all(project)?;
    let width = exercises.iter().map(|exercise| exercise.name.width()).max().unwrap_or(0);
    let spinner = terminal::spinner(names(&exercises));
    let mut passed = 0;
    grade(project, &exercises, Vec::new(), terminal::cargo(&spinner), |exercise, checked| {
        let has_passed = checked.as_ref().is_ok_and(Checked::passed);
        passed += usize::from(has_passed);
        let name = terminal::pad(&exercise.name, width);
        let mark = if has_passed { style("✓").green() } else { style("✗").red() };
        let rest = match &checked {
            Err(damage) => damage.to_string(),
            Ok(checked) if checked.compiled == Compiled::Yes => {
                let (good, all) = counts(checked);
                t(format!("{all} 个测试通过 {good} 个"), format!("{good} of {all} tests"))
            }
            Ok(_) => terminal::text(&Verdict::DoesNotCompile.name()).to_owned(),
        };
        spinner.suspend(|| terminal::print(&format!("{mark} {name}  {rest}\n")));
    })
    .await?;
    spinner.finish_and_clear();
    terminal::print(&format!("\n{}\n", count_exercises(passed, exercises.len())));
    terminal::print(&format!("{}\n", onwards(project, None)?));
    Ok(code(passed == exercises.len()))
}

fn names(exercises: &[Exercise]) -> String {
    let names: Vec<&str> = exercises.iter().map(|exercise| exercise.name.as_str()).collect();
    names.join(" ")
}

/// Checks one answer for somebody who does not look at a terminal: what became of
/// it, and what a terminal shows of that, without colours. `launcher` and `cargo` as in
/// [`grade`].
///
/// # Errors
///
/// Cargo fails for a reason of its own.
pub async fn one(
    project: &Project,
    exercise: &Exercise,
    launcher: Vec<OsString>,
    cargo: impl FnMut(&Progress),
) -> Result<Result<(Checked, String), Damage>> {
    let mut result = None;
    grade(project, std::slice::from_ref(exercise), launcher, cargo, |_, checked| {
        result = Some(checked);
    })
    .await?;
    let checked = match result.context("an answer has a verdict")? {
        Ok(checked) => checked,
        Err(damage) => return Ok(Err(damage)),
    };
    let advice = after(project, exercise, &checked)?;
    let said = format!("{}{}\n{advice}", show::verdicts(exercise, &checked), count(&checked));
    Ok(Ok((checked, said)))
}

/// Checks these answers, remembers those that passed, and tells of each, and of what
/// cargo does. `launcher` starts the tests, if it has words: see [`Options::launcher`].
/// One that is damaged costs the others nothing.
///
/// # Errors
///
/// Cargo fails for a reason of its own.
pub async fn grade(
    project: &Project,
    exercises: &[Exercise],
    launcher: Vec<OsString>,
    mut cargo: impl FnMut(&Progress),
    mut tell: impl FnMut(&Exercise, Result<Checked, Damage>),
) -> Result<()> {
    let mut whole = Vec::new();
    for exercise in exercises {
        match exercise.unchecked().map_or_else(|| exercise.digest(), Err) {
            Ok(digest) => whole.push((exercise, digest)),
            Err(damage) => tell(exercise, Err(damage)),
        }
    }
    if whole.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = whole.iter().map(|(exercise, _)| exercise.name.clone()).collect();
    let workspace = Workspace { root: project.root.clone(), target: None };
    let options = Options {
        colour: console::colors_enabled(),
        environment: vec![printed::keep_in(project)],
        launcher,
        ..Options::default()
    };
    let checked = verdicts::check_all(&workspace, &names, &options, |news| match news {
        News::Checked(checked) => {
            let Some((exercise, digest)) =
                whole.iter().find(|(exercise, _)| exercise.name == checked.package)
            else {
                return;
            };
            // Saved again meanwhile: nobody knows which of the two passed.
            if checked.passed() && exercise.digest().is_ok_and(|now| now == *digest) {
                State::change(project, exercise, |record| record.passed = Some(digest.clone()));
            }
            tell(exercise, Ok(checked));
        }
        News::Cargo(progress) => cargo(&progress),
    });
    match checked.await {
        Err(error) => Err(of_a_manifest(project)?.map_or(error, Into::into)),
        Ok(()) => Ok(()),
    }
}

/// The damaged manifest that keeps cargo from compiling anything, if there is
/// one: cargo says it in five lines.
fn of_a_manifest(project: &Project) -> Result<Option<Damage>> {
    let manifest = [damage::MANIFEST.to_owned()];
    let names = project.exercises()?;
    Ok(names.iter().find_map(|name| damage::of(&project.root, name, &manifest)))
}

/// How many tests passed, in one sentence.
pub fn count(checked: &Checked) -> String {
    let (good, all) = counts(checked);
    match (&checked.compiled, all) {
        (Compiled::Yes, 0) => t("没有测试运行。", "No test ran.").to_owned(),
        (Compiled::Yes, _) => {
            t(format!("{all} 个测试，通过 {good} 个。"), format!("{good} of {all} tests passed."))
        }
        _ => t("没有通过编译，测试没有运行。", "It does not compile, so no test ran.").to_owned(),
    }
}

/// What to do after a check, in one line.
///
/// # Errors
///
/// What is remembered, or an exercise, cannot be read.
pub fn after(project: &Project, exercise: &Exercise, checked: &Checked) -> Result<String> {
    if checked.passed() {
        let compare = terminal::command(&typed("solution", &exercise.name));
        return Ok(t(
            format!("对照参考答案：{compare}\n{}\n", onwards(project, Some(exercise))?),
            format!(
                "Compare it with the solution: {compare}\n{}\n",
                onwards(project, Some(exercise))?
            ),
        ));
    }
    Ok(format!("{}\n", help::offer(&State::load(project), exercise)?))
}

/// Which exercise comes next, in one line.
///
/// # Errors
///
/// The exercises cannot be listed.
pub fn onwards(project: &Project, after: Option<&Exercise>) -> Result<String> {
    let exercise = match next(project, after)? {
        (Some(exercise), _) => exercise,
        (None, damaged) => {
            return Ok(damaged.first().map_or_else(everything_passed, ToString::to_string));
        }
    };
    let watch = terminal::command(&typed("watch", &exercise.name));
    let minutes = exercise.minutes().map_or(String::new(), |minutes| {
        t(format!("（约 {minutes} 分钟）"), format!(" (about {minutes} minutes)"))
    });
    let Exercise { name, .. } = &exercise;
    Ok(t(format!("下一个：{name}{minutes}，{watch}"), format!("Next: {name}{minutes}, {watch}")))
}

/// The next exercise that has not passed: the first, or the first behind
/// `after`, or the first again. And what is wrong with those on the way that
/// cannot be checked.
///
/// # Errors
///
/// The exercises cannot be listed.
pub fn next(
    project: &Project,
    after: Option<&Exercise>,
) -> Result<(Option<Exercise>, Vec<Damage>)> {
    let state = State::load(project);
    let mut exercises = Exercise::all(project)?;
    let behind = exercises.iter().position(|exercise| Some(exercise) == after);
    exercises.rotate_left(behind.map_or(0, |at| at + 1));
    let mut damaged = Vec::new();
    for exercise in exercises {
        match exercise.unchecked().map_or_else(|| state.standing(&exercise), Err) {
            Ok(Standing::Passed) => {}
            Ok(_) => return Ok((Some(exercise), damaged)),
            Err(damage) => damaged.push(damage),
        }
    }
    Ok((None, damaged))
}

fn everything_passed() -> String {
    let all = terminal::command("cargo run -- check --all");
    t(
        format!("所有练习都通过了。再查一遍：{all}"),
        format!("Every exercise has passed. To check them again: {all}"),
    )
}

fn counts(checked: &Checked) -> (usize, usize) {
    let good = checked.entries.iter().filter(|entry| entry.verdict == Verdict::Passed).count();
    (good, checked.entries.len())
}

fn count_exercises(passed: usize, all: usize) -> String {
    t(format!("{all} 个练习，通过 {passed} 个。"), format!("{passed} of {all} exercises passed."))
}

fn code(passed: bool) -> ExitCode {
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether a person looks on.
pub fn is_terminal() -> bool {
    Term::stdout().is_term()
}
