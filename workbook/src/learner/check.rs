//! The verdicts on answers, and what to do next.

use std::process::ExitCode;

use anyhow::Result;
use console::{Term, style};
use grading::Verdict;
use unicode_width::UnicodeWidthStr;

use super::{
    exercise::Exercise,
    help, show,
    state::{Standing, State},
    typed,
};
use crate::locale::t;
use crate::project::Project;
use crate::verdicts::{self, Checked, Compiled, News, Options, Workspace};

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
        Which::Next => match next(project, None)? {
            Some(exercise) => vec![exercise],
            None => {
                show::print(&format!("{}\n", everything_passed()));
                return Ok(ExitCode::SUCCESS);
            }
        },
        Which::Named(names) => {
            let exercises = names.iter().map(|name| Exercise::named(project, name));
            exercises.collect::<Result<Vec<_>>>()?
        }
    };
    let (mut passed, many) = (0, exercises.len() > 1);
    let spinner = show::spinner();
    let mut advice = Ok(String::new());
    grade(project, &exercises, &spinner, |exercise, checked| {
        passed += usize::from(checked.passed());
        spinner.suspend(|| show::print(&show::verdicts(exercise, &checked)));
        advice = after(project, exercise, &checked);
        if many {
            spinner.suspend(|| show::print(&format!("{}\n\n", count(&checked))));
        } else {
            spinner.finish_and_clear();
            show::print(&format!("{}\n", count(&checked)));
        }
    })
    .await?;
    spinner.finish_and_clear();
    let all = passed == exercises.len();
    if many {
        show::print(&format!("{}\n", count_exercises(passed, exercises.len())));
        if !all {
            advice = Ok(String::new());
        }
    }
    show::print(&advice?);
    Ok(code(all))
}

/// All exercises, a line each.
async fn all(project: &Project) -> Result<ExitCode> {
    let exercises = Exercise::all(project)?;
    let width = exercises.iter().map(|exercise| exercise.name.width()).max().unwrap_or(0);
    let spinner = show::spinner();
    let mut passed = 0;
    grade(project, &exercises, &spinner, |exercise, checked| {
        passed += usize::from(checked.passed());
        let name = show::pad(&exercise.name, width);
        let mark = if checked.passed() { style("✓").green() } else { style("✗").red() };
        let rest = match &checked.compiled {
            Compiled::Yes => {
                let (good, all) = counts(&checked);
                t(format!("{all} 个测试通过 {good} 个"), format!("{good} of {all} tests"))
            }
            _ => show::text(&Verdict::DoesNotCompile.name()).to_owned(),
        };
        spinner.suspend(|| show::print(&format!("{mark} {name}  {rest}\n")));
    })
    .await?;
    spinner.finish_and_clear();
    show::print(&format!("\n{}\n", count_exercises(passed, exercises.len())));
    show::print(&format!("{}\n", onwards(project, None)?));
    Ok(code(passed == exercises.len()))
}

/// Checks these answers, remembers those that passed, and tells of each.
///
/// # Errors
///
/// Cargo fails for a reason of its own, or what is remembered cannot be written.
pub async fn grade(
    project: &Project,
    exercises: &[Exercise],
    spinner: &indicatif::ProgressBar,
    mut tell: impl FnMut(&Exercise, Checked),
) -> Result<()> {
    let digests = exercises.iter().map(Exercise::digest).collect::<Result<Vec<_>>>()?;
    let names: Vec<String> = exercises.iter().map(|exercise| exercise.name.clone()).collect();
    let workspace = Workspace { root: project.root.clone(), target: None };
    let options = Options { colour: console::colors_enabled(), ..Options::default() };
    spinner.set_message(names.join(" "));
    let mut remembered = Ok(());
    verdicts::check_all(&workspace, &names, &options, |news| match news {
        News::Checked(checked) => {
            let own = exercises.iter().zip(&digests);
            let Some((exercise, digest)) =
                own.into_iter().find(|(exercise, _)| exercise.name == checked.package)
            else {
                return;
            };
            // Saved again meanwhile: nobody knows which of the two passed.
            if checked.passed() && exercise.digest().is_ok_and(|now| now == *digest) {
                let written = State::load(project)
                    .and_then(|mut state| state.passed(exercise, digest.clone()));
                if remembered.is_ok() {
                    remembered = written;
                }
            }
            tell(exercise, checked);
        }
        News::Compiling(name) => {
            spinner.set_message(t(format!("编译 {name}"), format!("compiling {name}")));
        }
    })
    .await?;
    remembered
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
        let compare = show::command(&typed("solution", &exercise.name));
        return Ok(t(
            format!("对照参考答案：{compare}\n{}\n", onwards(project, Some(exercise))?),
            format!(
                "Compare it with the solution: {compare}\n{}\n",
                onwards(project, Some(exercise))?
            ),
        ));
    }
    Ok(format!("{}\n", help::offer(&State::load(project)?, exercise)?))
}

/// Which exercise comes next, in one line.
///
/// # Errors
///
/// What is remembered, or an exercise, cannot be read.
pub fn onwards(project: &Project, after: Option<&Exercise>) -> Result<String> {
    let Some(exercise) = next(project, after)? else { return Ok(everything_passed()) };
    let watch = show::command(&typed("watch", &exercise.name));
    let minutes = exercise.minutes().map_or(String::new(), |minutes| {
        t(format!("（约 {minutes} 分钟）"), format!(" (about {minutes} minutes)"))
    });
    let Exercise { name, .. } = &exercise;
    Ok(t(format!("下一个：{name}{minutes}，{watch}"), format!("Next: {name}{minutes}, {watch}")))
}

/// The next exercise that has not passed: the first, or the first behind
/// `after`, or the first again.
///
/// # Errors
///
/// What is remembered, or an exercise, cannot be read.
pub fn next(project: &Project, after: Option<&Exercise>) -> Result<Option<Exercise>> {
    let state = State::load(project)?;
    let mut exercises = Exercise::all(project)?;
    let behind = exercises.iter().position(|exercise| Some(exercise) == after);
    exercises.rotate_left(behind.map_or(0, |at| at + 1));
    for exercise in exercises {
        if state.standing(&exercise)? != Standing::Passed {
            return Ok(Some(exercise));
        }
    }
    Ok(None)
}

fn everything_passed() -> String {
    let all = show::command("cargo run -- check --all");
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
