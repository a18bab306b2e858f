//! Joins the lines of Chinese paragraphs. A browser shows a line break in the
//! source as a space, and between Chinese characters that space is wrong.

use pulldown_cmark::{Event, Parser};

use crate::lint;

/// The source with every soft break removed that would show as a wrong space:
/// one between two Chinese characters, or beside full-width punctuation.
pub fn join(source: &str) -> String {
    let events: Vec<_> = Parser::new_ext(source, lint::OPTIONS).into_offset_iter().collect();
    let mut joined = String::with_capacity(source.len());
    let mut copied = 0;
    for (index, (event, range)) in events.iter().enumerate() {
        if *event != Event::SoftBreak {
            continue;
        }
        let before = events[..index].iter().rev().find_map(|(event, _)| text(event));
        let after = events[index + 1..].iter().find_map(|(event, _)| text(event));
        let before = before.and_then(|text| text.chars().next_back());
        let after = after.and_then(|text| text.chars().next());
        let (Some(before), Some(after)) = (before, after) else { continue };
        let glued = is_punctuation(before)
            || is_punctuation(after)
            || is_chinese(before) && is_chinese(after);
        if glued {
            joined.push_str(source[copied..range.start].trim_end());
            // Between the break and what follows it may stand a quote's marker.
            copied = events[index + 1].1.start;
        }
    }
    joined.push_str(&source[copied..]);
    joined
}

/// What an event shows; code counts as Latin.
fn text<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event {
        Event::Text(text) => Some(text),
        Event::Code(_) => Some("`"),
        _ => None,
    }
}

/// CJK and full-width punctuation, which brings its own space.
fn is_punctuation(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff65}' | '“' | '”' | '‘' | '’' | '…' | '—')
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn chinese_lines_are_joined() {
        assert_eq!(join("中文\n中文\n"), "中文中文\n");
        assert_eq!(join("一句，\n`code` 一句。\nB\n"), "一句，`code` 一句。B\n");
        assert_eq!(join("> 引文\n> 引文\n"), "> 引文引文\n");
        assert_eq!(join("**强调**\n[中文](a.md)\n"), "**强调**[中文](a.md)\n");
        assert_eq!(join("用 `a`\n`b` 和\n`c`\n"), "用 `a`\n`b` 和\n`c`\n");
    }

    #[test]
    fn other_breaks_stay() {
        for source in
            ["word\nword\n", "中文\nRust\n", "```text\n中\n文\n```\n", "- 中\n- 文\n", "中\n\n文\n"]
        {
            assert_eq!(join(source), source);
        }
    }
}
