//! What must hold in the pages' sources: includes, links, fragments, ids.
//!
//! mdBook logs a missing include and goes on, and says nothing of a missing
//! anchor, link or fragment; a build of this book stops at any of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use project::locale::t;
use project::{EDITIONS, Edition, Project};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};
use regex::Regex;

static INCLUDE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{\{#\w*include ([^:}]+)(?::([^}]*))?\}\}").expect("a constant"));

/// The extensions that mdBook turns on.
pub(crate) const OPTIONS: Options = Options::ENABLE_HEADING_ATTRIBUTES
    .union(Options::ENABLE_TABLES)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_DEFINITION_LIST);

/// Something wrong in a page, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the project.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.file.display(), self.line, self.message)
    }
}

/// A heading of a page.
#[derive(Debug, Clone)]
pub struct Heading {
    /// Its explicit `{#id}`.
    pub id: Option<String>,
    /// 1 for the page's title.
    pub level: HeadingLevel,
    /// Where it begins, in bytes.
    pub start: usize,
}

/// A page's source, as far as the checks look at it.
pub struct Page {
    /// The file's name without its ending.
    pub name: String,
    /// The whole source.
    pub source: String,
    /// Its headings, in order.
    pub headings: Vec<Heading>,
    /// Its link and image targets, with their places in bytes.
    pub links: Vec<(String, usize)>,
    /// Its fenced blocks: the info string and where the whole block stands.
    pub fences: Vec<(String, Range<usize>)>,
}

impl Page {
    /// Reads one page.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn read(path: &Path) -> Result<Page> {
        let source = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Page::parse(name, source))
    }

    /// Takes a page's source apart.
    pub fn parse(name: String, source: String) -> Page {
        let (mut headings, mut links, mut fences) = (Vec::new(), Vec::new(), Vec::new());
        for (event, range) in Parser::new_ext(&source, OPTIONS).into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, id, .. }) => headings.push(Heading {
                    id: id.map(|id| id.to_string()),
                    level,
                    start: range.start,
                }),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    links.push((dest_url.to_string(), range.start));
                }
                Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Fenced(info))) => {
                    fences.push((info.to_string(), range));
                }
                _ => {}
            }
        }
        Page { name, source, headings, links, fences }
    }

    /// The page's sections: id and text, from each heading to the next.
    pub fn sections(&self) -> Vec<(String, &str)> {
        let ends = self.headings.iter().skip(1).map(|next| next.start).chain([self.source.len()]);
        self.headings
            .iter()
            .zip(ends)
            .map(|(heading, end)| {
                let id = heading.id.clone().unwrap_or_default();
                (id, self.source[heading.start..end].trim())
            })
            .collect()
    }

    /// The line (from 1) of a place in bytes.
    pub fn line(&self, place: usize) -> usize {
        self.source[..place].matches('\n').count() + 1
    }
}

/// Reads all pages of an edition, `SUMMARY.md` too.
///
/// # Errors
///
/// A file cannot be read.
pub fn pages(project: &Project, edition: Edition) -> Result<BTreeMap<String, Page>> {
    let mut names = project.pages(edition)?;
    names.push("SUMMARY".to_owned());
    names
        .into_iter()
        .map(|name| {
            let page = Page::read(&project.sources(edition).join(format!("{name}.md")))?;
            Ok((name, page))
        })
        .collect()
}

/// Finds what is wrong in both editions, in the order of the files.
///
/// # Errors
///
/// A file cannot be read.
pub fn problems(project: &Project) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for edition in EDITIONS {
        let pages = pages(project, edition)?;
        for page in pages.values() {
            let file = Path::new("src").join(edition.folder).join(format!("{}.md", page.name));
            let folder = project.sources(edition);
            let mut report = |place: usize, message: String| {
                problems.push(Problem { file: file.clone(), line: page.line(place), message });
            };
            headings(page, &mut report);
            includes(page, &folder, &mut report);
            links(page, &pages, &folder, &mut report);
        }
        listed(&pages, edition, &mut problems);
    }
    problems.sort();
    Ok(problems)
}

/// Stops at the first look if a page is wrong.
///
/// # Errors
///
/// Anything that [`problems`] finds, a line each.
pub fn expect_clean(project: &Project) -> Result<()> {
    let problems = problems(project)?;
    if !problems.is_empty() {
        let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
        bail!(lines.join("\n"));
    }
    Ok(())
}

fn headings(page: &Page, report: &mut impl FnMut(usize, String)) {
    let mut seen = BTreeSet::new();
    for heading in page.headings.iter().filter(|_| page.name != "SUMMARY") {
        match &heading.id {
            None => report(
                heading.start,
                t(
                    "标题要有一个 {#id}，两个版本相同",
                    "a heading needs an {#id}, the same in both editions",
                )
                .to_owned(),
            ),
            Some(id) if !seen.insert(id.clone()) => report(
                heading.start,
                t(
                    format!("{{#{id}}} 在本页出现了两次"),
                    format!("{{#{id}}} stands twice on this page"),
                ),
            ),
            Some(_) => {}
        }
    }
}

fn includes(page: &Page, folder: &Path, report: &mut impl FnMut(usize, String)) {
    for include in INCLUDE.captures_iter(&page.source) {
        let place = include.get(0).expect("the whole match").start();
        let path = include[1].trim();
        let Ok(text) = std::fs::read_to_string(folder.join(path)) else {
            report(
                place,
                t(format!("没有要引入的文件 {path}"), format!("there is no {path} to include")),
            );
            continue;
        };
        let anchor = include.get(2).map_or("", |anchor| anchor.as_str().trim());
        let lines_only = anchor.chars().all(|c| c.is_ascii_digit() || c == ':');
        if !lines_only
            && !text.lines().any(|line| line.trim_end().ends_with(&format!("ANCHOR: {anchor}")))
        {
            report(
                place,
                t(format!("{path} 里没有锚点 {anchor}"), format!("{path} has no anchor {anchor}")),
            );
        }
    }
}

fn links(
    page: &Page,
    pages: &BTreeMap<String, Page>,
    folder: &Path,
    report: &mut impl FnMut(usize, String),
) {
    for (target, place) in &page.links {
        if target.starts_with("https://") || target.starts_with("mailto:") {
            continue;
        }
        if target.starts_with("http://") || target.starts_with("//") {
            report(*place, t(format!("{target}：请用 https"), format!("{target}: use https")));
            continue;
        }
        let (file, fragment) = target.split_once('#').unwrap_or((target, ""));
        let name = file.strip_suffix(".md");
        let known = match (file, name) {
            ("", _) => Some(page),
            (_, Some(name)) => pages.get(name),
            _ => None,
        };
        match known {
            None if name.is_some() || !folder.join(file).exists() => report(
                *place,
                t(format!("链接 {target} 没有目标"), format!("the link {target} leads nowhere")),
            ),
            Some(known) if !fragment.is_empty() => {
                let ids = known.headings.iter().filter_map(|heading| heading.id.as_deref());
                if !ids.into_iter().any(|id| id == fragment) {
                    report(
                        *place,
                        t(
                            format!("{}.md 里没有 {{#{fragment}}}", known.name),
                            format!("{}.md has no {{#{fragment}}}", known.name),
                        ),
                    );
                }
            }
            _ => {}
        }
    }
}

/// Every page stands in SUMMARY.md once.
fn listed(pages: &BTreeMap<String, Page>, edition: Edition, problems: &mut Vec<Problem>) {
    let file = Path::new("src").join(edition.folder).join("SUMMARY.md");
    let mut problem = |message| problems.push(Problem { file: file.clone(), line: 1, message });
    let listed: Vec<&str> = pages["SUMMARY"]
        .links
        .iter()
        .filter_map(|(target, _)| target.trim_start_matches("./").strip_suffix(".md"))
        .collect();
    for name in pages.keys().filter(|name| *name != "SUMMARY") {
        match listed.iter().filter(|known| **known == name).count() {
            1 => {}
            0 => problem(t(format!("目录里没有 {name}.md"), format!("{name}.md is not listed"))),
            _ => problem(t(
                format!("目录里 {name}.md 不止一次"),
                format!("{name}.md is listed more than once"),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(source: &str) -> Page {
        Page::parse("page".into(), source.into())
    }

    fn found(check: impl Fn(&mut dyn FnMut(usize, String))) -> Vec<usize> {
        let mut places = Vec::new();
        check(&mut |place, _| places.push(place));
        places
    }

    #[test]
    fn sections_run_from_heading_to_heading() {
        let page = page("# A {#a}\n\none\n\n## B {#b}\n\ntwo\n");
        let sections = page.sections();
        assert_eq!(sections[0], ("a".to_owned(), "# A {#a}\n\none"));
        assert_eq!(sections[1], ("b".to_owned(), "## B {#b}\n\ntwo"));
    }

    #[test]
    fn a_heading_without_an_id_or_with_a_second_hand_one_is_found() {
        let page = page("# A {#a}\n\n## B\n\n## C {#a}\n");
        assert_eq!(found(|mut report| headings(&page, &mut report)).len(), 2);
    }

    #[test]
    fn a_dead_link_a_dead_fragment_and_plain_http_are_found() {
        let page = page("# A {#a}\n\n[x](no.md) [y](#no) [z](http://a.b) [ok](#a)\n");
        let pages = BTreeMap::new();
        let places = found(|mut report| links(&page, &pages, Path::new("."), &mut report));
        assert_eq!(places.len(), 3);
    }

    #[test]
    fn a_missing_include_is_found() {
        let page = page("# A {#a}\n\n{{#include no/such/file.rs}}\n");
        assert_eq!(found(|mut report| includes(&page, Path::new("."), &mut report)).len(), 1);
    }
}
