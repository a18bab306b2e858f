//! How it looks in a terminal: aligned, wrapped, and coloured only where
//! there is a terminal and nobody has set `NO_COLOR`.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use console::{Term, style};
use grading::Text;
use indicatif::{ProgressBar, ProgressStyle};
use project::locale::t;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
use verdicts::Progress;

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

/// Adds a paragraph, four columns in.
pub fn indent(page: &mut String, paragraph: &str) {
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
pub fn harmless(text: &str) -> String {
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

/// Something that turns on the terminal while a check is under way; nothing
/// where there is no terminal.
pub fn spinner(message: String) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner:.dim} {msg:.dim}");
    let spinner = ProgressBar::new_spinner().with_style(style.expect("it is a constant"));
    spinner.set_message(message);
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// Shows beside it which crate is compiled, or that another cargo is waited for.
pub fn cargo(spinner: &ProgressBar) -> impl FnMut(&Progress) {
    |progress| {
        spinner.set_message(match progress {
            Progress::Compiling(name) => t(format!("编译 {name}"), format!("compiling {name}")),
            Progress::Blocking(_) => t("等待另一个 cargo", "waiting for another cargo").to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{harmless, wrap};

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
    fn no_output_moves_the_cursor() {
        assert_eq!(harmless("a\u{1b}[2Jb\r\tc"), "a[2Jb    c");
    }
}
