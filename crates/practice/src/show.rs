//! How it looks in a terminal: aligned, wrapped, and coloured only where
//! there is a terminal and nobody has set `NO_COLOR`.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::MAIN_SEPARATOR;
use std::time::Duration;

use console::{Style, Term, style};
use exercises::Exercise;
use grading::printed::Printed;
use grading::report::Entry;
use grading::{Text, Verdict};
use indicatif::{ProgressBar, ProgressStyle};
use project::locale::t;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
use verdicts::{Checked, Compiled, compiles_too_long};

use crate::belief;

/// Lines are not longer than this, however wide the terminal is.
const WIDEST: usize = 100;

/// What may not begin a line.
const CLOSING: &str = "，。；：？！、）」』》…—,.;:?!)]}";

/// Prints to standard output. Nobody listening is no error: `| head`.
pub fn print(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
    let _ = io::stdout().flush();
}

/// A text in the reader's language.
pub fn text(text: &Text) -> &str {
    t(&text.zh, &text.en)
}

/// What somebody can type.
pub fn command(command: &str) -> String {
    style(command).cyan().to_string()
}

/// A heading: `gather · exercises/gather/src/lib.rs`.
pub fn heading(name: &str, rest: &str) -> String {
    format!("{} {}\n", style(name).bold(), style(format!("· {rest}")).dim())
}

/// The verdicts on one answer, test by test.
pub fn verdicts(exercise: &Exercise, checked: &Checked) -> String {
    let mut page = heading(&exercise.name, &exercise.shown_answer());
    page.push('\n');
    let beliefs = belief::Beliefs::of(exercise);
    match &checked.compiled {
        Compiled::No(errors) => {
            page.push_str(&beliefs.above_faults(checked));
            page.push_str(errors);
            failure(&mut page, text(&Verdict::DoesNotCompile.name()), None);
            let tests = ['/', '\\'].map(|slash| format!("tests{slash}{}.rs", exercise.name));
            if tests.iter().any(|tests| errors.contains(tests)) {
                indent(
                    &mut page,
                    t(
                        "测试按起始文件里的声明调用这些函数：请把它们的名字、参数和返回类型改回去。",
                        "The tests call the functions as the starter declares them: put back their names, parameters and return types.",
                    ),
                );
            }
        }
        Compiled::TooLong(limit) => {
            failure(&mut page, text(&Verdict::DoesNotCompile.name()), None);
            indent(&mut page, text(&compiles_too_long(*limit)));
        }
        Compiled::Yes => {
            if !checked.passed() {
                // rustc knows some of these mistakes: a future that nobody awaits.
                page.push_str(&beliefs.above_faults(checked));
                page.push_str(&checked.warnings);
            }
            let mut entries = checked.entries.clone();
            exercise.sort(&mut entries);
            let widest = |width: fn(&Entry) -> usize| entries.iter().map(width).max().unwrap_or(0);
            let names = widest(|entry| entry.test.width());
            let verdicts = widest(|entry| text(&entry.verdict.name()).width());
            // First what they printed, so that the verdicts stand at the end.
            for entry in &entries {
                printed(&mut page, entry);
            }
            for (entry, belief) in entries.iter().zip(beliefs.above_tests(&entries)) {
                test(&mut page, entry, (names, verdicts), &belief);
            }
        }
    }
    page.push('\n');
    page
}

fn test(page: &mut String, entry: &Entry, (names, verdicts): (usize, usize), belief: &str) {
    let name = pad(&entry.test, names);
    let verdict = pad(text(&entry.verdict.name()), verdicts);
    let time = entry.virtual_ms.map(|ms| {
        let seconds = seconds(ms);
        t(format!("虚拟时间 {seconds} 秒"), format!("virtual time {seconds} s"))
    });
    if entry.verdict == Verdict::Passed {
        let time = time.unwrap_or_default();
        let _ = writeln!(page, "  {} {name}  {verdict}  {}", style("✓").green(), style(time).dim());
        return;
    }
    failure(page, &format!("{name}  {verdict}"), time);
    page.push_str(belief);
    for line in text(&entry.message).lines() {
        indent(page, line);
    }
    if !entry.missing.is_empty() {
        let limits = entry.missing.join(t("、", ", "));
        indent(
            page,
            &t(format!("此平台无法限制：{limits}"), format!("No limit here on: {limits}")),
        );
    }
}

/// What a failed test printed, shortened by its guard.
fn printed(page: &mut String, entry: &Entry) {
    if entry.verdict == Verdict::Passed || entry.output.trim().is_empty() {
        return;
    }
    let test = &entry.test;
    let _ = writeln!(page, "  {}", t(format!("{test} 打印了："), format!("{test} printed:")));
    for line in entry.printed() {
        let line = match line {
            Printed::Line(line) => harmless(line),
            Printed::LeftOut(left_out) => style(text(&left_out)).dim().to_string(),
        };
        let _ = writeln!(page, "    {} {line}", style("│").dim());
    }
    if let Some(all) = entry.all_printed() {
        let here = std::env::current_dir().unwrap_or_default();
        let all = text(&all).replace(&format!("{}{MAIN_SEPARATOR}", here.display()), "");
        let _ = writeln!(page, "    {}", harmless(&all));
    }
    page.push('\n');
}

fn failure(page: &mut String, what: &str, time: Option<String>) {
    let time = time.unwrap_or_default();
    let line = format!(
        "  {} {}  {}",
        style("✗").red(),
        Style::new().bold().apply_to(what),
        style(time).dim()
    );
    let _ = writeln!(page, "{}", line.trim_end());
}

/// Adds a paragraph, four columns in.
pub(super) fn indent(page: &mut String, paragraph: &str) {
    for line in wrap(&harmless(paragraph), width().map(|width| width - 4)) {
        let _ = writeln!(page, "    {line}");
    }
}

/// A paragraph for the terminal at hand.
pub fn paragraph(paragraph: &str) -> String {
    let mut lines = String::new();
    for line in paragraph.lines() {
        lines.push_str(&wrap(line, width()).join("\n"));
        lines.push('\n');
    }
    lines
}

/// What a program printed, without what would move the cursor.
fn harmless(text: &str) -> String {
    text.replace('\t', "    ").chars().filter(|c| !c.is_control()).collect()
}

/// How many columns there are, if there is a terminal.
fn width() -> Option<usize> {
    let term = Term::stdout();
    let (_, columns) = term.is_term().then(|| term.size_checked())??;
    Some(usize::from(columns).clamp(40, WIDEST))
}

/// Breaks a line where a reader would: at spaces, and between wide characters.
fn wrap(line: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else { return vec![line.to_owned()] };
    let wide = |c: char| c.width() == Some(2);
    let mut lines = Vec::new();
    let (mut current, mut word, mut before) = (String::new(), String::new(), None);
    let mut place = |word: &mut String, current: &mut String| {
        if current.width() + word.trim_end().width() > width && !current.is_empty() {
            lines.push(std::mem::take(current).trim_end().to_owned());
        }
        current.push_str(word);
        word.clear();
    };
    for c in line.chars() {
        let breaks = match before {
            Some(' ') => c != ' ',
            Some(before) => (wide(before) || wide(c)) && c != ' ' && !CLOSING.contains(c),
            None => false,
        };
        if breaks {
            place(&mut word, &mut current);
        }
        word.push(c);
        before = Some(c);
    }
    place(&mut word, &mut current);
    lines.push(current);
    lines
}

/// The text with spaces up to so many columns.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Milliseconds as seconds, no longer than need be: `6`, `1.05`.
fn seconds(ms: u64) -> String {
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Something that turns on the terminal while a check is under way; nothing
/// where there is no terminal.
pub fn spinner() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner:.dim} {msg:.dim}");
    let spinner = ProgressBar::new_spinner().with_style(style.expect("it is a constant"));
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

#[cfg(test)]
mod tests {
    use super::{harmless, seconds, wrap};

    #[test]
    fn lines_break_at_spaces_and_between_wide_characters() {
        let lines = |text, width| wrap(text, Some(width));
        assert_eq!(lines("one two three", 8), ["one two", "three"]);
        assert_eq!(lines("等待一个 Future，再等", 10), ["等待一个", "Future，再", "等"]);
        assert_eq!(lines("逐个等待。", 8), ["逐个等", "待。"]);
        assert_eq!(lines("tooooooooolong", 8), ["tooooooooolong"]);
        assert_eq!(wrap("as it is", None), ["as it is"]);
    }

    #[test]
    fn times_are_short() {
        assert_eq!(
            ["0", "1.05", "6", "10"].map(str::to_owned),
            [0, 1050, 6000, 10_000].map(seconds)
        );
    }

    #[test]
    fn no_output_moves_the_cursor() {
        assert_eq!(harmless("a\u{1b}[2Jb\r\tc"), "a[2Jb    c");
    }
}
