//! Every public name of asyncio with its counterpart, from one data file,
//! `src/asyncio.toml`: the table of the chapter `cheat_sheet`.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use project::{EDITIONS, Edition, Project};
use serde::Deserialize;

/// The data file.
#[derive(Debug, Deserialize)]
pub struct Names {
    /// The groups in the order of the page.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
}

/// Names that belong together: a table of the page.
#[derive(Debug, Deserialize)]
pub struct Group {
    /// The heading's id.
    pub id: String,
    /// The heading, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Its rows.
    #[serde(rename = "row")]
    pub rows: Vec<Row>,
}

/// Names of asyncio that share a counterpart.
#[derive(Debug, Deserialize)]
pub struct Row {
    /// As `asyncio` exports them, or `loop.call_soon` for a method.
    pub names: Vec<String>,
    /// The counterpart, as Markdown; empty if there is none.
    #[serde(default)]
    pub rust: String,
    /// The difference that bites, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// The chapters that show it.
    #[serde(default)]
    pub chapters: Vec<String>,
}

impl Names {
    /// Reads the data file.
    ///
    /// # Errors
    ///
    /// It is missing or not of this shape.
    pub fn read(project: &Project) -> Result<Names> {
        let path = project.root.join("src/asyncio.toml");
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.groups.iter().flat_map(|group| &group.rows)
    }
}

/// The whole table, group by group.
///
/// # Errors
///
/// The data file cannot be read.
pub fn table(project: &Project, edition: Edition) -> Result<String> {
    let data = Names::read(project)?;
    let pick = |zh: &'static str, en: &'static str| edition.language.pick(zh, en);
    let head = pick(
        "| asyncio | Rust | 会咬人的差别 | 章节 |",
        "| asyncio | Rust | the difference that bites | chapter |",
    );
    let mut page = String::from("<div class=\"wb-names\">\n\n");
    for group in &data.groups {
        let title = edition.language.pick(&group.zh, &group.en);
        writeln!(page, "### {title} {{#{}}}\n\n{head}\n|---|---|---|---|", group.id)?;
        for row in &group.rows {
            let names: Vec<String> = row.names.iter().map(|name| format!("`{name}`")).collect();
            let chapters: Vec<String> =
                row.chapters.iter().map(|name| link(project, name)).collect();
            let or_dash = |text: String| if text.is_empty() { "—".to_owned() } else { text };
            writeln!(
                page,
                "| {} | {} | {} | {} |",
                names.join("<br>"),
                or_dash(cell(&row.rust)),
                cell(edition.language.pick(&row.zh, &row.en)),
                or_dash(chapters.join("<br>"))
            )?;
        }
        page.push('\n');
    }
    page.push_str("</div>\n");
    Ok(page)
}

/// A chapter that is still to be written is named, not linked.
fn link(project: &Project, name: &str) -> String {
    let page = project.sources(EDITIONS[0]).join(format!("{name}.md"));
    if page.is_file() { format!("[`{name}`]({name}.md)") } else { format!("`{name}`") }
}

/// A table cell: one line, its bars escaped.
fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|").replace('\n', " ")
}
