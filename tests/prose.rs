//! Prose checks: Chinese–Latin spacing and full-width punctuation (autocorrect),
//! and the words that this book does without.

use book::lint;
use project::{EDITIONS, Project};
use regex::Regex;

/// Filler and hype, in either language.
const UNWANTED: [&str; 14] = [
    "值得注意的是",
    "总之",
    "综上所述",
    "众所周知",
    "不难发现",
    "让我们",
    "强大的",
    "simply",
    "just ",
    "let's dive",
    "Let's",
    "easy",
    "easily",
    "powerful",
];

#[test]
fn spacing_and_punctuation_are_regular() {
    let project = Project::find().expect("the project is here");
    let mut problems = Vec::new();
    let mut files: Vec<std::path::PathBuf> = vec!["README.zh-CN.md".into()];
    for name in project.pages(EDITIONS[0]).expect("the pages are readable") {
        files.push(format!("src/zh/{name}.md").into());
    }
    for folder in project.root.join("exercises").read_dir().into_iter().flatten() {
        let folder = folder.expect("a folder is readable").path();
        for file in ["statement.zh.md", "hints.zh.md", beliefs::FILE] {
            files.push(folder.join(file));
        }
    }
    for file in files {
        let Ok(text) = std::fs::read_to_string(project.root.join(&file)) else { continue };
        let text = if file.ends_with(beliefs::FILE) { chinese(&text) } else { text };
        let found = autocorrect::lint_for(&text, "md");
        // It would part a link from the Chinese word before it; we do not.
        let joined = |line: &str| line.replace(" [", "[");
        for line in found.lines.iter().filter(|line| joined(&line.old) != joined(&line.new)) {
            problems.push(format!("{}:{}: {} → {}", file.display(), line.line, line.old, line.new));
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// The Chinese sentences of an exercise's beliefs.
fn chinese(beliefs: &str) -> String {
    let beliefs = beliefs::Beliefs::parse(beliefs).expect("beliefs").all;
    beliefs.into_iter().map(|belief| belief.zh).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn no_word_is_filler() {
    let project = Project::find().expect("the project is here");
    let code = Regex::new(r"(?s)```.*?```|`[^`]*`").expect("a constant");
    let mut problems = Vec::new();
    for edition in EDITIONS {
        for page in lint::pages(&project, edition).expect("the pages are readable").values() {
            let blank = |found: &regex::Captures| "\n".repeat(found[0].matches('\n').count());
            let prose = code.replace_all(&page.source, blank);
            for (number, line) in prose.lines().enumerate() {
                for word in UNWANTED.iter().filter(|word| line.contains(**word)) {
                    let folder = edition.folder;
                    problems.push(format!(
                        "src/{folder}/{}.md:{}: {word:?}",
                        page.name,
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}
