//! Whether two recordings of a program say the same, at the grain that holds
//! from run to run.

use similar::{ChangeTag, TextDiff};

use crate::{
    layout,
    model::{Clock, Trace},
    text,
    words::Locale,
};

/// What every run of the program has in common, as text: on the paused clock
/// everything; on the real one the number of tasks, how it ended and the
/// printed lines (sorted, where their order is free).
pub fn account(trace: &Trace) -> String {
    match trace.clock {
        Clock::Paused => text::account(trace),
        Clock::Real => {
            let mut lines: Vec<&str> = trace.lines().collect();
            if layout::order_is_free(trace) {
                lines.sort_unstable();
            }
            let ended = Locale::En.ending(trace).unwrap_or_else(|| "ended".into());
            let tasks = trace.tasks.len() + trace.omitted;
            format!("{} · {tasks} tasks · {ended}\n\n{}\n", trace.file, lines.join("\n"))
        }
    }
}

/// What differs, as a diff of the two accounts; nothing if they agree.
pub fn difference(old: &Trace, new: &Trace) -> Option<String> {
    let (before, after) = (account(old), account(new));
    let is_exact = old.clock == Clock::Paused && new.clock == Clock::Paused;
    if before == after && !(is_exact && old != new) {
        return None;
    }
    if before == after {
        return Some("the waits differ, and no line of the account does\n".into());
    }
    let diff = TextDiff::from_lines(&before, &after);
    let mut shown = String::new();
    for group in diff.grouped_ops(3) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            shown.push(sign);
            shown.push_str(change.value());
        }
    }
    Some(shown)
}
