//! The two editions, section by section: one cannot go stale unseen.
//!
//! `tests/editions.toml` keeps, for each section, a digest of either edition as
//! they stood when they were last read side by side. A section of one that has
//! changed alone is an error until the other was looked at.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use project::locale::t;
use project::{EDITIONS, Project};
use regex::Regex;
use sha2::{Digest, Sha256};

use crate::lint::{self, Page};

static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)\{\{#\w+ [^}]*\}\}|<!--[ ]*cmdrun .*?-->|^```.*$").expect("a constant")
});
static FENCED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s)```.*?```|`[^`]*`").expect("a constant"));
static CHINESE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\u{4e00}-\u{9fff}]").expect("a constant"));

/// Page and section id → the digests of the Chinese and the English section.
type Reviewed = BTreeMap<String, BTreeMap<String, [String; 2]>>;

/// Compares the editions with each other and with the last review.
///
/// # Errors
///
/// A page or the record cannot be read.
pub fn problems(project: &Project) -> Result<Vec<String>> {
    let [zh, en] = EDITIONS.map(|edition| lint::pages(project, edition));
    let (zh, en) = (zh?, en?);
    let mut problems = Vec::new();
    for name in zh.keys().filter(|name| !en.contains_key(*name)) {
        problems.push(t(format!("缺 src/en/{name}.md"), format!("src/en/{name}.md is missing")));
    }
    for name in en.keys().filter(|name| !zh.contains_key(*name)) {
        problems.push(t(format!("缺 src/zh/{name}.md"), format!("src/zh/{name}.md is missing")));
    }
    let reviewed = load(project)?;
    for (name, zh) in &zh {
        let Some(en) = en.get(name) else { continue };
        if name == "SUMMARY" {
            if links(zh) != links(en) {
                problems.push(t(
                    "两个 SUMMARY.md 的章节或顺序不同".to_owned(),
                    "the two SUMMARY.md differ in their chapters or their order".to_owned(),
                ));
            }
            continue;
        }
        page(name, zh, en, reviewed.get(name), &mut problems);
    }
    Ok(problems)
}

/// Records the editions as they are now as read side by side.
///
/// # Errors
///
/// A page cannot be read, or the record cannot be written.
pub fn accept(project: &Project) -> Result<()> {
    let [zh, en] = EDITIONS.map(|edition| lint::pages(project, edition));
    let (zh, en) = (zh?, en?);
    let mut text = String::from(
        "# Digests of every section, Chinese and English, as last read side by side.\n\
         # Written by `cargo run -- accept`.\n",
    );
    for (name, zh) in zh.iter().filter(|(name, _)| *name != "SUMMARY") {
        let Some(en) = en.get(name) else { continue };
        write!(text, "\n[{name}]\n")?;
        let english: BTreeMap<String, String> = digests(en).into_iter().collect();
        for (id, digest) in digests(zh) {
            let other = english.get(&id).map_or("", String::as_str);
            writeln!(text, "{id} = [\"{digest}\", \"{other}\"]")?;
        }
    }
    project.write_own(&record(project), text.as_bytes())
}

fn record(project: &Project) -> std::path::PathBuf {
    project.root.join("tests/editions.toml")
}

fn load(project: &Project) -> Result<Reviewed> {
    let path = record(project);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    toml::from_str(&text).with_context(|| path.display().to_string())
}

fn page(
    name: &str,
    zh: &Page,
    en: &Page,
    reviewed: Option<&BTreeMap<String, [String; 2]>>,
    problems: &mut Vec<String>,
) {
    let (zh_sections, en_sections) = (zh.sections(), en.sections());
    let ids = |sections: &[(String, &str)]| -> Vec<String> {
        sections.iter().map(|(id, _)| id.clone()).collect()
    };
    if ids(&zh_sections) != ids(&en_sections) {
        problems.push(t(
            format!(
                "{name}.md：两个版本的小节不同：{:?} 与 {:?}",
                ids(&zh_sections),
                ids(&en_sections)
            ),
            format!(
                "{name}.md: the sections differ: {:?} and {:?}",
                ids(&zh_sections),
                ids(&en_sections)
            ),
        ));
        return;
    }
    for ((id, zh), (_, en)) in zh_sections.iter().zip(&en_sections) {
        let at = format!("{name}.md#{id}");
        if code(zh) != code(en) {
            problems.push(t(
                format!("{at}：两个版本的代码块或引入不同"),
                format!("{at}: fences, includes or commands differ between the editions"),
            ));
        }
        if CHINESE.is_match(&FENCED.replace_all(en, "")) {
            problems.push(t(
                format!("{at}：英文版正文里有中文"),
                format!("{at}: there is Chinese in the English prose"),
            ));
        }
        let now = [digest(zh), digest(en)];
        let stale = match reviewed.and_then(|page| page.get(id)) {
            None => t("还没有对照读过", "was never read side by side"),
            Some(then) if *then == now => continue,
            Some(then) if then[1] == now[1] => {
                t("中文改了，英文没有", "changed in Chinese but not in English")
            }
            Some(then) if then[0] == now[0] => {
                t("英文改了，中文没有", "changed in English but not in Chinese")
            }
            Some(_) => t("两个版本都改了", "changed in both"),
        };
        problems.push(t(
            format!("{at}：{stale}；对照读过之后运行 cargo run -- accept"),
            format!("{at}: {stale}; read both side by side, then cargo run -- accept"),
        ));
    }
}

fn links(page: &Page) -> Vec<&str> {
    page.links.iter().map(|(target, _)| target.as_str()).collect()
}

fn code(section: &str) -> Vec<&str> {
    CODE.find_iter(section).map(|found| found.as_str()).collect()
}

fn digests(page: &Page) -> Vec<(String, String)> {
    page.sections().into_iter().map(|(id, text)| (id, digest(text))).collect()
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(6).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZH: &str = "# 题 {#a}\n\n中文\n";
    const EN: &str = "# Title {#a}\n\nEnglish\n";

    fn compare(zh: &str, en: &str, then: Option<(&str, &str)>) -> Vec<String> {
        let parse = |source: &str| Page::parse("p".into(), source.into());
        let then = then.map(|(zh, en)| {
            let digest = |source| digests(&parse(source)).remove(0).1;
            BTreeMap::from([("a".to_owned(), [digest(zh), digest(en)])])
        });
        let mut problems = Vec::new();
        page("p", &parse(zh), &parse(en), then.as_ref(), &mut problems);
        problems
    }

    #[test]
    fn what_was_read_side_by_side_passes() {
        assert!(compare(ZH, EN, Some((ZH, EN))).is_empty());
    }

    #[test]
    fn a_change_of_one_edition_alone_fails_in_either_direction() {
        let changed = ZH.replace("中文", "新");
        assert_eq!(compare(&changed, EN, Some((ZH, EN))).len(), 1);
        let changed = EN.replace("English", "new");
        assert_eq!(compare(ZH, &changed, Some((ZH, EN))).len(), 1);
    }

    #[test]
    fn other_sections_other_code_and_leftover_chinese_fail() {
        assert_eq!(compare(ZH, "# Title {#b}\n", None).len(), 1);
        let with_code = format!("{ZH}\n```rust\nfn main() {{}}\n```\n");
        assert_eq!(compare(&with_code, EN, Some((&with_code, EN))).len(), 1);
        let half = EN.replace("English", "一半");
        assert_eq!(compare(ZH, &half, Some((ZH, &half))).len(), 1);
    }
}
