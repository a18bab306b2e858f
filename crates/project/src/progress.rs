//! What is being done while nothing else is to be seen, a line for each step.

use console::{Style, pad_str};
use indicatif::{ProgressBar, ProgressStyle};

/// The columns of cargo's own word at the beginning of a line.
const COLUMNS: usize = 12;

/// Says on standard error what begins now, under cargo's own lines and like them.
pub fn step(word: &str, what: &str) {
    let word = pad_str(word, COLUMNS, console::Alignment::Right, None);
    eprintln!("{} {what}", Style::new().for_stderr().cyan().bold().apply_to(word));
}

/// A bar for so many things, under a word of at most twelve columns.
pub fn bar(word: &'static str, count: usize) -> ProgressBar {
    let style = "{prefix:>12.cyan.bold} [{bar:25}] {pos}/{len} {msg}";
    let style = ProgressStyle::with_template(style).expect("the template is a constant");
    ProgressBar::new(count as u64).with_style(style).with_prefix(word)
}
