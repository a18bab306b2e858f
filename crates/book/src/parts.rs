//! The generated parts of pages by their names: what `workbook page …` prints,
//! and what a page's `<!-- cmdrun workbook page … -->` leaves in its place. The
//! command that is named so is this very one: no process is started for it.

#![expect(missing_docs, reason = "each part says what it is, in both languages")]

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use compare::tables;
use project::locale::t;
use project::{Edition, Project};

use crate::asyncio;
use crate::change;
use crate::page;
use crate::tutorials;

/// A generated part of a page, as a directive names it.
#[derive(Subcommand)]
pub enum Part {
    #[command(about = t("并排的 Python 与 Rust 程序", "the Python and the Rust program side by side"))]
    Pair { name: String },
    #[command(about = t("打乱的输出，供预测", "what it prints, shuffled, to predict"))]
    Predict {
        name: String,
        #[arg(default_value_t = 1, help = t("从第几行问起", "the first line to ask about"))]
        from: usize,
    },
    #[command(about = t("运行时做了什么的图", "the picture of what the runtime did"))]
    Timeline { name: String },
    #[command(about = t("程序的输出", "what the program prints"))]
    Output { name: String },
    #[command(about = t("一个不会结束的程序的图，如终端所见", "the picture of a program that never ends, as in a terminal"))]
    Hang { name: String },
    #[command(about = t("一个修改：哪些行换成哪些行", "a change: which lines become which"))]
    Diff { name: String, id: String },
    #[command(about = t("改过的程序做了什么", "what the changed program does"))]
    Change { name: String, id: String },
    #[command(about = t("练习", "the exercise"))]
    Exercise { name: String },
    #[command(about = t("已写成多少章", "how many chapters are written"))]
    Progress,
    #[command(about = t("每一章要多少分钟", "how many minutes each chapter takes"))]
    Schedule,
    #[command(about = t("一篇教程的所有小节", "every section of one tutorial"))]
    Sections { tutorial: String },
    #[command(about = t("一章对应的教程小节", "the tutorials' sections behind a chapter"))]
    Source { name: String },
    #[command(about = t("教程里的 Python 程序能不能运行", "which of the tutorials' Python listings run"))]
    Listings,
    #[command(about = t("asyncio 的每个名字和它在 tokio 里的对应", "every name of asyncio, and its counterpart"))]
    Asyncio,
    #[command(about = t("tokio 和 asyncio 的快慢", "how fast tokio and asyncio are"))]
    Loops,
    #[command(about = t("任务、线程和进程各要多少", "what a task, a thread and a process take"))]
    Units,
    #[command(about = t("每条建议带来多少", "what each advice brings"))]
    Advice,
}

/// `workbook page …` alone.
#[derive(Parser)]
struct Page {
    #[command(subcommand)]
    part: Part,
}

/// The part that a directive's command asks for; `None` if the command is another.
pub fn named(command: &str) -> Option<Part> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || " _-.".contains(letter);
    if !command.chars().all(plain) {
        return None;
    }
    let words = command.strip_prefix("workbook ")?.split_whitespace();
    Page::try_parse_from(words).ok().map(|page| page.part)
}

/// A part's Markdown.
///
/// # Errors
///
/// What it names does not exist, or cannot be read.
pub fn render(project: &Project, edition: Edition, part: Part) -> Result<String> {
    match part {
        Part::Pair { name } => page::pair(project, &name),
        Part::Predict { name, from } => page::predict(project, edition, &name, from),
        Part::Timeline { name } => page::timeline(project, edition, &name),
        Part::Output { name } => page::output(project, &name),
        Part::Hang { name } => page::hang(project, edition, &name),
        Part::Diff { name, id } => change::diff(project, edition, &name, &id),
        Part::Change { name, id } => change::outcome(project, edition, &name, &id),
        Part::Exercise { name } => page::exercise(project, edition, &name),
        Part::Schedule => page::schedule(project, edition),
        Part::Progress => tutorials::progress(project, edition),
        Part::Sections { tutorial } => tutorials::sections(project, edition, &tutorial),
        Part::Source { name } => tutorials::source(project, edition, &name),
        Part::Listings => tutorials::listings(project, edition),
        Part::Asyncio => asyncio::table(project, edition),
        Part::Loops => tables::loops(project, edition),
        Part::Units => tables::units(project, edition),
        Part::Advice => tables::advice(project, edition),
    }
}

/// The edition whose page asks: the current folder is the page's.
///
/// # Errors
///
/// It is not inside `src/zh` or `src/en`.
pub fn edition() -> Result<Edition> {
    let folder = std::env::current_dir()?;
    Edition::of(&folder).context(t(
        "这个命令由 src/zh 或 src/en 里的页面调用",
        "this command is called by a page in src/zh or src/en",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_of_our_own_are_a_part() {
        assert!(
            matches!(named("workbook page pair gather"), Some(Part::Pair { name }) if name == "gather")
        );
        for other in [
            "workbook page pair gather | head -1",
            "workbooks page pair x",
            "echo",
            "workbook page nothing",
        ] {
            assert!(named(other).is_none(), "{other}");
        }
    }
}
