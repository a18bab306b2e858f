//! The five tutorials from one data file, `src/tutorials.toml`: every section
//! with its chapter, and every Python listing with what it does today.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use project::locale::Language;
use project::names;
use project::{EDITIONS, Edition, Project};
use serde::Deserialize;

use crate::memo::Memo;

/// The data file.
#[derive(Debug, Deserialize)]
pub struct Tutorials {
    /// The five sources.
    #[serde(rename = "tutorial")]
    pub tutorials: Vec<Tutorial>,
    /// Their sections in reading order.
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
    /// Their Python listings in reading order.
    #[serde(rename = "listing")]
    pub listings: Vec<Listing>,
}

/// A source.
#[derive(Debug, Deserialize)]
pub struct Tutorial {
    /// `T1` to `T5`.
    pub id: String,
    /// Its title as printed.
    pub title: String,
    /// Its title in English.
    pub en: String,
}

/// A section of a tutorial.
#[derive(Debug, Deserialize)]
pub struct Section {
    /// The tutorial's id.
    pub tutorial: String,
    /// The heading as printed.
    pub zh: String,
    /// The heading in English.
    pub en: String,
    /// The chapters that carry it over; none if a note says why.
    pub chapters: Vec<String>,
    /// A remark, in Chinese.
    #[serde(default)]
    pub note_zh: String,
    /// The same remark in English.
    #[serde(default)]
    pub note_en: String,
}

/// A Python listing of a tutorial.
#[derive(Debug, Deserialize)]
pub struct Listing {
    /// The tutorial's id.
    pub tutorial: String,
    /// Its number within the tutorial, from 1.
    pub number: u32,
    /// What it shows, in Chinese.
    pub zh: String,
    /// What it shows, in English.
    pub en: String,
    /// The chapter that carries it over.
    pub chapter: String,
    /// What it does on Python 3.11.
    pub runs: Runs,
    /// The last line of its traceback on Python 3.11.
    #[serde(default)]
    pub py311: String,
    /// `same`, or the last line of its traceback on Python 3.14.
    pub py314: String,
    /// Why it fails or what it needs, in Chinese.
    #[serde(default)]
    pub reason_zh: String,
    /// The same in English.
    #[serde(default)]
    pub reason_en: String,
    /// What the twin does instead, in Chinese.
    #[serde(default)]
    pub changed_zh: String,
    /// The same in English.
    #[serde(default)]
    pub changed_en: String,
}

/// What a listing does when it is run as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Runs {
    /// It works.
    Yes,
    /// It wants a network, a file or a server that is not there.
    Needs,
    /// It fails wherever it is run.
    No,
}

impl Tutorials {
    /// Reads the data file.
    ///
    /// # Errors
    ///
    /// It is missing or not of this shape.
    pub fn read(project: &Project) -> Result<Arc<Tutorials>> {
        static READ: Memo<String, Tutorials> = Memo::new();
        let path = project.root.join("src/tutorials.toml");
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        READ.get(text, |text| toml::from_str(text).with_context(|| path.display().to_string()))
    }

    /// The names of all chapters, in the order in which the sections name them.
    pub fn chapters(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.sections.iter().flat_map(|section| &section.chapters) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }
}

/// Whether a chapter stands: both editions, program, twin, snapshot and exercise.
pub fn is_done(project: &Project, name: &str) -> bool {
    let snapshot = project.root.join(format!("tests/snapshots/{name}.snap"));
    let exercise = project.root.join(format!("exercises/{name}/Cargo.toml"));
    EDITIONS
        .map(|edition| project.sources(edition).join(format!("{name}.md")))
        .into_iter()
        .chain([project.program(name), project.twin(name), snapshot, exercise])
        .all(|path| path.is_file())
}

/// How far the book has come, in one sentence.
///
/// # Errors
///
/// The data file cannot be read.
pub fn progress(project: &Project, edition: Edition) -> Result<String> {
    let data = Tutorials::read(project)?;
    let all = data.chapters().len();
    let done = data.chapters().iter().filter(|name| is_done(project, name)).count();
    Ok(match edition.language {
        Language::Chinese => format!("全书 {all} 章，已经写成 {done} 章。\n"),
        Language::English => format!("{done} of the {all} chapters are written.\n"),
    })
}

/// The table of one tutorial's sections.
///
/// # Errors
///
/// The data file cannot be read, or there is no tutorial of that id.
pub fn sections(project: &Project, edition: Edition, id: &str) -> Result<String> {
    let data = Tutorials::read(project)?;
    let pick = |zh: &'static str, en: &'static str| edition.language.pick(zh, en);
    let Some(tutorial) = data.tutorials.iter().find(|tutorial| tutorial.id == id) else {
        let known = data.tutorials.iter().map(|tutorial| tutorial.id.as_str());
        bail!(names::unknown(("教程", "tutorial"), id, known));
    };
    let mut page = format!(
        "**{}**\n\n{}\n|---|---|:-:|\n",
        edition.language.pick(&tutorial.title, &tutorial.en),
        pick("| 小节 | 章节 | 完成 |", "| section | chapter | done |")
    );
    for section in data.sections.iter().filter(|section| section.tutorial == id) {
        let note = cell(edition.language.pick(&section.note_zh, &section.note_en));
        let heading = cell(edition.language.pick(&section.zh, &section.en));
        let note = if note.is_empty() { note } else { format!("<br><small>{note}</small>") };
        let links: Vec<String> = section.chapters.iter().map(|name| link(project, name)).collect();
        let done = match section.chapters.as_slice() {
            [] => "—",
            names if names.iter().all(|name| is_done(project, name)) => "✓",
            _ => "",
        };
        writeln!(page, "| {heading}{note} | {} | {done} |", links.join(pick("、", ", ")))?;
    }
    Ok(page)
}

/// The last line of a chapter: the tutorials' sections that it carries over.
///
/// # Errors
///
/// The data file cannot be read, or no section names this chapter.
pub fn source(project: &Project, edition: Edition, name: &str) -> Result<String> {
    let data = Tutorials::read(project)?;
    let headings: Vec<String> = data
        .sections
        .iter()
        .filter(|section| section.chapters.iter().any(|chapter| chapter == name))
        .map(|section| {
            let heading = edition.language.pick(&section.zh, &section.en);
            let id = &section.tutorial;
            format!("[{id}](tutorials.md#{}) {heading}", id.to_lowercase())
        })
        .collect();
    if headings.is_empty() {
        let known = data.chapters();
        bail!(names::unknown(("章节", "chapter"), name, known));
    }
    let (label, separator) =
        edition.language.pick(("对应的教程小节：", "；"), ("Tutorial sections: ", "; "));
    Ok(format!("<div class=\"wb-source\">\n\n{label}{}\n\n</div>\n", headings.join(separator)))
}

/// The table of all Python listings.
///
/// # Errors
///
/// The data file cannot be read.
pub fn listings(project: &Project, edition: Edition) -> Result<String> {
    let data = Tutorials::read(project)?;
    let pick = |zh: &'static str, en: &'static str| edition.language.pick(zh, en);
    let count = |runs| data.listings.iter().filter(|listing| listing.runs == runs).count();
    let (yes, needs, no) = (count(Runs::Yes), count(Runs::Needs), count(Runs::No));
    let all = data.listings.len();
    let broken = data.listings.iter().filter(|listing| breaks(listing)).count();
    let mut page = match edition.language {
        Language::Chinese => format!(
            "五篇教程共有 {all} 段 Python 程序。照原样在 Python 3.11 上运行：{yes} 段能跑，{needs} 段缺少网络、\
             文件或数据库，{no} 段在哪里都跑不起来。到了 Python 3.14，能跑的里面又有 {broken} 段不行了。\n\n\
             | 程序 | 3.11 | 3.14 | 章节 | 为什么 |\n"
        ),
        Language::English => format!(
            "The five tutorials hold {all} Python listings. Run as printed on Python 3.11, {yes} work, {needs} \
             want a network, a file or a database that is not there, and {no} fail wherever they run. Python \
             3.14 breaks {broken} of those that worked.\n\n| listing | 3.11 | 3.14 | chapter | why |\n"
        ),
    };
    writeln!(page, "|---|:-:|:-:|---|---|")?;
    for listing in &data.listings {
        let now = match listing.runs {
            Runs::Yes => pick("能跑", "works"),
            Runs::Needs => pick("缺东西", "needs"),
            Runs::No => pick("不能", "fails"),
        };
        let later = if breaks(listing) { pick("不能", "fails") } else { now };
        let mut why = Vec::new();
        for error in [&listing.py311, &listing.py314] {
            if !error.is_empty() && error != "same" {
                why.push(format!("`{}`", cell(error).replace('`', "'")));
            }
        }
        why.push(cell(edition.language.pick(&listing.reason_zh, &listing.reason_en)));
        why.push(cell(edition.language.pick(&listing.changed_zh, &listing.changed_en)));
        why.retain(|part| !part.is_empty());
        writeln!(
            page,
            "| {}.{} {} | {now} | {later} | {} | {} |",
            listing.tutorial,
            listing.number,
            cell(edition.language.pick(&listing.zh, &listing.en)),
            link(project, &listing.chapter),
            why.join("<br>")
        )?;
    }
    Ok(page)
}

/// Whether a listing works on 3.11 and fails on 3.14.
fn breaks(listing: &Listing) -> bool {
    listing.runs == Runs::Yes && listing.py314 != "same"
}

fn link(project: &Project, name: &str) -> String {
    let page = project.sources(EDITIONS[0]).join(format!("{name}.md"));
    if page.is_file() { format!("[`{name}`]({name}.md)") } else { format!("`{name}`") }
}

/// A table cell: one line, its bars escaped.
fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|").replace('\n', " ")
}
