//! The table of all exercises, and which one comes next.

use anyhow::Result;
use console::{StyledObject, style};
use unicode_width::UnicodeWidthStr;

use super::{
    check,
    exercise::Exercise,
    show,
    state::{Standing, State},
};
use crate::{locale::t, project::Project};

/// Prints the table.
///
/// # Errors
///
/// What is remembered, or an exercise, cannot be read.
pub fn progress(project: &Project) -> Result<()> {
    let state = State::load(project)?;
    let mut rows = Vec::new();
    let mut passed = 0;
    for exercise in Exercise::all(project)? {
        let standing = state.standing(&exercise)?;
        passed += usize::from(standing == Standing::Passed);
        rows.push(Row {
            minutes: exercise.minutes().map_or(String::new(), |minutes| minutes.to_string()),
            standing,
            hints: (state.hints(&exercise), exercise.hints()?.len()),
            name: exercise.name,
        });
    }
    let head =
        [t("练习", "Exercise"), t("分钟", "Minutes"), t("状态", "State"), t("提示", "Hints")];
    let names = rows.iter().map(|row| row.name.width()).chain([head[0].width()]).max().unwrap_or(0);
    let states = rows.iter().map(|row| row.state().width()).chain([head[2].width()]).max();
    let states = states.unwrap_or(0);

    let line = format!(
        "  {}  {}  {}  {}",
        show::pad(head[0], names),
        head[1],
        show::pad(head[2], states),
        head[3]
    );
    let mut page = format!("{}\n", style(line).dim());
    for row in &rows {
        let minutes =
            " ".repeat(head[1].width().saturating_sub(row.minutes.width())) + &row.minutes;
        let state = row.colour(show::pad(row.state(), states));
        let name = show::pad(&row.name, names);
        let (shown, all) = row.hints;
        page.push_str(&format!("{} {name}  {minutes}  {state}  {shown}/{all}\n", row.mark()));
    }
    let all = rows.len();
    show::print(&format!(
        "{page}\n{}\n{}\n",
        t(
            format!("{all} 个练习，通过 {passed} 个。"),
            format!("{passed} of {all} exercises passed.")
        ),
        check::onwards(project, None)?
    ));
    Ok(())
}

struct Row {
    name: String,
    minutes: String,
    standing: Standing,
    hints: (usize, usize),
}

impl Row {
    fn state(&self) -> &'static str {
        match self.standing {
            Standing::NotBegun => t("未开始", "not begun"),
            Standing::Begun => t("进行中", "begun"),
            Standing::Passed => t("通过", "passed"),
            Standing::PassedBefore => t("通过过，之后有改动", "passed, changed since"),
        }
    }

    fn mark(&self) -> StyledObject<&'static str> {
        self.colour(match self.standing {
            Standing::NotBegun => " ",
            Standing::Begun | Standing::PassedBefore => "…",
            Standing::Passed => "✓",
        })
    }

    fn colour<D>(&self, text: D) -> StyledObject<D> {
        match self.standing {
            Standing::NotBegun => style(text).dim(),
            Standing::Begun | Standing::PassedBefore => style(text).yellow(),
            Standing::Passed => style(text).green(),
        }
    }
}
