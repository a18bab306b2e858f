//! The changes that pages propose to the book's programs: read from
//! `examples/changes/NAME.toml`, and applied. No changed program is kept: it is the
//! program as it is, with these lines in the place of those. It knows neither what a
//! changed program does nor how a page shows it.
//!
//! ```toml
//! [[change]]
//! id = "one_after_the_other"
//!
//! [[change.replace]]
//! lines = "    tokio::join!(task1(), task2());"
//! by = """
//!     task1().await;
//!     task2().await;"""
//! ```

mod diff;

use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use project::Project;
use project::files::unreadable;
use project::locale::t;
use project::names::nearest;
use serde::Deserialize;

pub use crate::diff::{Line, Sign, diff};

/// Where they lie, from the root.
pub const CHANGES: &str = "examples/changes";

/// The file of the changes of one program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    change: Vec<Change>,
}

/// A change of one program.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// What it is called: lower-case letters, digits and `_`.
    pub id: String,
    /// What it replaces, in any order.
    pub replace: Vec<Replace>,
    /// Whether the lines come in no certain order: then what is recorded is the set of
    /// orders that many runs had.
    #[serde(default)]
    pub orders: bool,
    /// The program that it is a change of.
    #[serde(skip)]
    pub program: String,
}

/// Lines, and what they become.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// Whole lines of the program, which stand there once.
    pub lines: String,
    /// What stands in their place; nothing removes them.
    pub by: String,
}

/// The file of a program's changes.
pub fn file(project: &Project, name: &str) -> PathBuf {
    project.root.join(CHANGES).join(format!("{name}.toml"))
}

/// The changes of a program, in the order of the file; none, if there is no file.
///
/// # Errors
///
/// The file cannot be read, or is not of this shape.
pub fn of(project: &Project, name: &str) -> Result<Vec<Change>> {
    let path = file(project, name);
    let shown = project.shown(&path);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| unreadable(&path)),
    };
    let File { mut change } = toml::from_str(&text).map_err(|error| anyhow!("{shown}: {error}"))?;
    for at in 0..change.len() {
        let id = change[at].id.clone();
        let is_plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if id.is_empty() || !id.chars().all(is_plain) {
            bail!(t(
                format!("{shown}：id “{id}” 只能由小写字母、数字和 _ 组成。"),
                format!("{shown}: the id “{id}” may have lower-case letters, digits and _ alone."),
            ));
        }
        if change[..at].iter().any(|other| other.id == id) {
            bail!(t(format!("{shown}：有两个 {id}。"), format!("{shown}: there are two {id}.")));
        }
        change[at].program = name.to_owned();
    }
    Ok(change)
}

/// One change of a program.
///
/// # Errors
///
/// There is no such program, or it has no such change: the nearest names.
pub fn named(project: &Project, name: &str, id: &str) -> Result<Change> {
    project.expect_program(name)?;
    let all = of(project, name)?;
    if let Some(change) = all.iter().find(|change| change.id == id) {
        return Ok(change.clone());
    }
    let ids: Vec<&str> = all.iter().map(|change| change.id.as_str()).collect();
    let near = nearest(id, ids.iter().copied());
    let near = if near.is_empty() { ids } else { near };
    if near.is_empty() {
        bail!(t(
            format!("{name} 没有提出任何修改（没有 {CHANGES}/{name}.toml）。"),
            format!("No change of {name} is proposed (there is no {CHANGES}/{name}.toml)."),
        ));
    }
    let near = near.join(t("、", ", "));
    bail!(t(
        format!("{name} 没有名为 {id} 的修改；有的是：{near}。"),
        format!("{name} has no change {id}; it has: {near}."),
    ))
}

impl Change {
    /// What it is called where programs have names: a Rust identifier.
    pub fn name(&self) -> String {
        format!("{}__{}", self.program, self.id)
    }

    /// The changed program.
    ///
    /// # Errors
    ///
    /// Lines that it replaces do not stand in the text, or more than once: in one
    /// sentence, with the first of them.
    pub fn apply(&self, text: &str) -> Result<String> {
        let mut found = Vec::new();
        for replace in &self.replace {
            let lines: Vec<&str> = replace.lines.trim_end_matches('\n').lines().collect();
            let starts = starts(text, &lines);
            let [start] = starts[..] else {
                let (count, first) = (starts.len(), lines.first().unwrap_or(&"").trim());
                let (name, id) = (&self.program, &self.id);
                bail!(t(
                    format!(
                        "{CHANGES}/{name}.toml 的 {id} 要换掉的 `{first}` 在 {name} 里出现 {count} 次，应该是 1 次。"
                    ),
                    format!(
                        "{CHANGES}/{name}.toml: what {id} replaces, `{first}`, stands in {name} {count} times and not once."
                    ),
                ));
            };
            found.push((start, lines.len(), replace));
        }
        found.sort_by_key(|(start, ..)| *start);
        let mut changed = String::new();
        let mut at = 0;
        let all: Vec<&str> = text.split_inclusive('\n').collect();
        for (start, count, replace) in found {
            if start < at {
                let (name, id) = (&self.program, &self.id);
                bail!(t(
                    format!("{CHANGES}/{name}.toml 的 {id} 把同一行换了两次。"),
                    format!("{CHANGES}/{name}.toml: {id} replaces a line twice."),
                ));
            }
            changed.extend(all[at..start].iter().copied());
            let by = replace.by.trim_end_matches('\n');
            if !by.is_empty() {
                changed.push_str(by);
                changed.push('\n');
            }
            at = start + count;
        }
        changed.extend(all[at..].iter().copied());
        Ok(changed)
    }
}

/// Where these lines stand, by the number of the first, from 0.
fn starts(text: &str, lines: &[&str]) -> Vec<usize> {
    let all: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return Vec::new();
    }
    (0..(all.len() + 1).saturating_sub(lines.len()))
        .filter(|&at| all[at..at + lines.len()] == *lines)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: &str = "fn main() {\n    one();\n    two();\n    one_more();\n    one();\n}\n";

    fn change(replace: &[(&str, &str)]) -> Change {
        let replace = replace
            .iter()
            .map(|(lines, by)| Replace { lines: (*lines).to_owned(), by: (*by).to_owned() })
            .collect();
        Change { id: "it".into(), replace, orders: false, program: "program".into() }
    }

    #[test]
    fn lines_become_others() {
        let changed =
            change(&[("    two();\n", "    three();\n    four();\n"), ("    one_more();", "")]);
        assert_eq!(
            changed.apply(PROGRAM).expect("they are there"),
            "fn main() {\n    one();\n    three();\n    four();\n    one();\n}\n"
        );
    }

    #[test]
    fn what_is_not_there_once_is_told() {
        for (lines, count) in
            [("    one();", "2 times"), ("    five();", "0 times"), ("two();", "0 times")]
        {
            let said = change(&[(lines, "")]).apply(PROGRAM).expect_err(lines).to_string();
            assert!(
                said.contains(count) && said.contains("program.toml: what it replaces"),
                "{said}"
            );
        }
        let twice = change(&[("    one();\n    two();", ""), ("    two();", "")]);
        assert!(twice.apply(PROGRAM).expect_err("twice").to_string().contains("twice"));
    }

    #[test]
    fn a_file_says_what_is_wrong_with_it() {
        let book = tempfile::tempdir().expect("a folder");
        let project = Project { root: book.path().to_owned() };
        let write = |text: &str| {
            let path = file(&project, "program");
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        };
        assert_eq!(of(&project, "program").expect("none is fine"), []);
        let one = "[[change]]\nid = \"a\"\n[[change.replace]]\nlines = \"x\"\nby = \"y\"\n";
        write(one);
        assert_eq!(of(&project, "program").expect("it is right")[0].name(), "program__a");
        for (text, part) in [
            (format!("{one}{one}"), "two a"),
            (one.replace("\"a\"", "\"A b\""), "lower-case"),
            (one.replace("lines", "line"), "unknown field"),
        ] {
            write(&text);
            let said = of(&project, "program").expect_err(part).to_string();
            assert!(
                said.contains(part) && said.contains("examples/changes/program.toml"),
                "{said}"
            );
        }
    }
}
