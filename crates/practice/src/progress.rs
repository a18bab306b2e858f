//! The table of all exercises, and which one comes next.

use anyhow::Result;
use console::{StyledObject, style};
use exercises::Exercise;
use project::Project;
use project::locale::t;
use unicode_width::UnicodeWidthStr;

use crate::{
    check,
    state::{Record, Standing, State},
    terminal,
};

/// Prints the table.
///
/// # Errors
///
/// The exercises cannot be listed.
pub fn progress(project: &Project) -> Result<()> {
    let state = State::load(project);
    let (mut rows, mut damaged) = (Vec::new(), String::new());
    let mut passed = 0;
    for exercise in Exercise::all(project)? {
        let standing = state.standing(&exercise).ok();
        passed += usize::from(standing == Some(Standing::Passed));
        if let Some(damage) = exercise.damage() {
            damaged.push_str(&format!("{damage}\n"));
        }
        let hints = exercise.hints().map_or("?".to_owned(), |hints| hints.len().to_string());
        rows.push(Row {
            minutes: exercise.minutes().map_or(String::new(), |minutes| minutes.to_string()),
            standing,
            hints: format!("{}/{hints}", state.hints(&exercise)),
            page: state.record(&exercise).map_or(String::new(), on_page),
            name: exercise.name,
        });
    }
    if !damaged.is_empty() {
        damaged.insert(0, '\n');
    }
    let head = [
        t("练习", "Exercise"),
        t("分钟", "Minutes"),
        t("状态", "State"),
        t("提示", "Hints"),
        // Only for whoever has used it.
        if rows.iter().any(|row| !row.page.is_empty()) {
            t("在页面上", "On its page")
        } else {
            ""
        },
    ];
    let names = rows.iter().map(|row| row.name.width()).chain([head[0].width()]).max().unwrap_or(0);
    let states = rows.iter().map(|row| row.state().width()).chain([head[2].width()]).max();
    let states = states.unwrap_or(0);

    let line = format!(
        "  {}  {}  {}  {}  {}",
        terminal::pad(head[0], names),
        head[1],
        terminal::pad(head[2], states),
        head[3],
        head[4]
    );
    let mut page = format!("{}\n", style(line.trim_end()).dim());
    for row in &rows {
        let minutes =
            " ".repeat(head[1].width().saturating_sub(row.minutes.width())) + &row.minutes;
        let state = row.colour(terminal::pad(row.state(), states));
        let name = terminal::pad(&row.name, names);
        let hints = terminal::pad(&row.hints, head[3].width());
        let row = format!("{} {name}  {minutes}  {state}  {hints}  {}", row.mark(), row.page);
        page.push_str(row.trim_end());
        page.push('\n');
    }
    let all = rows.len();
    terminal::print(&format!(
        "{page}{damaged}\n{}\n{}\n",
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
    /// None if its answer cannot be read.
    standing: Option<Standing>,
    hints: String,
    page: String,
}

/// What of the chapter was done on its page.
fn on_page(record: &Record) -> String {
    let parts = [
        (record.predicted, t("猜过", "predicted")),
        (record.ran, t("运行过", "ran")),
        (record.changed, t("改过", "changed")),
    ];
    let done: Vec<&str> = parts.into_iter().filter_map(|(yes, name)| yes.then_some(name)).collect();
    done.join(t("、", ", "))
}

impl Row {
    fn state(&self) -> &'static str {
        match self.standing {
            Some(Standing::NotBegun) => t("未开始", "not begun"),
            Some(Standing::Begun) => t("进行中", "begun"),
            Some(Standing::Passed) => t("通过", "passed"),
            Some(Standing::PassedBefore) => t("通过过，之后有改动", "passed, changed since"),
            Some(Standing::Reset) => t("通过过，之后重新开始", "passed, reset since"),
            None => t("缺文件", "damaged"),
        }
    }

    fn mark(&self) -> StyledObject<&'static str> {
        self.colour(match self.standing {
            Some(Standing::NotBegun) => " ",
            Some(Standing::Begun | Standing::PassedBefore | Standing::Reset) => "…",
            Some(Standing::Passed) => "✓",
            None => "!",
        })
    }

    fn colour<D>(&self, text: D) -> StyledObject<D> {
        match self.standing {
            Some(Standing::NotBegun) => style(text).dim(),
            Some(Standing::Begun | Standing::PassedBefore | Standing::Reset) => {
                style(text).yellow()
            }
            Some(Standing::Passed) => style(text).green(),
            None => style(text).red(),
        }
    }
}
