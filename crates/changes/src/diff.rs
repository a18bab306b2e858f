//! A change as lines, for whoever shows it.

use similar::{ChangeTag, TextDiff};

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It goes.
    Removed,
    /// It comes.
    Added,
    /// It stays, and tells where the others are.
    Kept,
    /// Lines are left out here that stay.
    Gap,
}

/// A line of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What becomes of it.
    pub sign: Sign,
    /// Its text, without its end.
    pub text: String,
    /// Its number in the old text, from 1, if it stands there.
    pub at: Option<usize>,
}

/// How many lines around a change are shown.
const AROUND: usize = 1;

/// What differs, with a line around it.
pub fn diff(old: &str, new: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(AROUND) {
        if !lines.is_empty() {
            lines.push(Line { sign: Sign::Gap, text: "…".to_owned(), at: None });
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => Sign::Removed,
                ChangeTag::Insert => Sign::Added,
                ChangeTag::Equal => Sign::Kept,
            };
            let text = change.value().trim_end_matches('\n').to_owned();
            lines.push(Line { sign, text, at: change.old_index().map(|at| at + 1) });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_changes_have_a_gap_between_them() {
        let old = "a\nb\nc\nd\ne\nf\n";
        let new = "a\nB\nc\nd\ne\n";
        let said: Vec<String> = diff(old, new)
            .into_iter()
            .map(|line| {
                let sign = match line.sign {
                    Sign::Removed => '-',
                    Sign::Added => '+',
                    Sign::Kept | Sign::Gap => ' ',
                };
                format!("{sign}{}", line.text)
            })
            .collect();
        assert_eq!(said, [" a", "-b", "+B", " c", " …", " e", "-f"]);
    }
}
