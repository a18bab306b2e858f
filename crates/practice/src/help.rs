//! Hints, one more each time, and solutions.

use anyhow::{Result, bail};
use exercises::Exercise;
use project::Project;
use project::command::typed;
use project::locale::t;

use crate::state::State;
use crate::terminal;

/// Which hints to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hints {
    /// The one after those that were shown; the last one when all were.
    Next,
    /// The one of this level; the first is 1.
    Level(usize),
    /// All.
    All,
}

/// Shows hints, and remembers that they were shown.
///
/// # Errors
///
/// There is no such exercise or no such level.
pub fn hint(project: &Project, name: &str, which: Hints) -> Result<()> {
    let exercise = Exercise::named(project, name)?;
    let hints = exercise.hints()?;
    let last = hints.len();
    if let Hints::Level(level) = which
        && !(1..=last).contains(&level)
    {
        bail!(t(
            format!("{name} 没有第 {level} 条提示；提示有 1 到 {last} 条。"),
            format!("{name} has no hint {level}; its hints are 1 to {last}."),
        ));
    }
    let (state, levels) = State::change(project, &exercise, |record| {
        let levels = match which {
            Hints::All => 1..=last,
            Hints::Next => {
                let level = (record.hints + 1).min(last);
                level..=level
            }
            Hints::Level(level) => level..=level,
        };
        record.hints = record.hints.max(*levels.end());
        levels
    });
    let mut page = String::new();
    for level in levels {
        let number = t(format!("提示 {level}/{last}"), format!("hint {level} of {last}"));
        page.push_str(&terminal::heading(name, &number));
        page.push_str(&format!("\n{}\n", terminal::paragraph(&hints[level - 1])));
    }
    terminal::print(&format!("{page}{}\n", offer(&state, &exercise)?));
    Ok(())
}

/// What help is left, in one line.
///
/// # Errors
///
/// The hints cannot be read.
pub fn offer(state: &State, exercise: &Exercise) -> Result<String> {
    let (shown, last) = (state.hints(exercise), exercise.hints()?.len());
    let hint = terminal::command(&typed("hint", &exercise.name));
    Ok(match shown {
        0 => t(format!("卡住了？先看一条提示：{hint}"), format!("Stuck? The first hint: {hint}")),
        _ if shown < last => {
            let left = last - shown;
            let hints = if left == 1 { "hint" } else { "hints" };
            t(format!("还有 {left} 条提示：{hint}"), format!("{left} more {hints}: {hint}"))
        }
        _ => {
            let solution =
                terminal::command(&format!("{} --show", typed("solution", &exercise.name)));
            t(
                format!("提示都看过了；参考答案：{solution}"),
                format!("These were all the hints; the solution: {solution}"),
            )
        }
    })
}

/// Prints the solution to whoever has solved the exercise or asks for it.
///
/// # Errors
///
/// There is no such exercise, or no answer to it has passed.
pub fn solution(project: &Project, name: &str, show: bool) -> Result<()> {
    let exercise = Exercise::named(project, name)?;
    if !show && !State::load(project).ever_passed(&exercise) {
        let (check, show) = (typed("check", name), format!("{} --show", typed("solution", name)));
        bail!(t(
            format!("{name} 还没有通过：先运行 {check}，想现在就看就用 {show}。"),
            format!("{name} has not passed yet: run {check}, or see it now with {show}."),
        ));
    }
    terminal::print(&exercise.solution()?);
    Ok(())
}
