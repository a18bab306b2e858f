//! The line that is put into a program's root file: it brings the recorder's
//! macros into scope, and begins the recording before `main`.

/// The text of a crate's root with that line before the first item, in the same
/// line, so that no other moves. `also` is put beside it.
pub fn with_line(text: &str, is_program: bool, also: &str) -> String {
    let mut line = "#[macro_use(print, println)] extern crate recorder as wb_recorder; ".to_owned();
    if is_program {
        line += "#[used] \
                 #[cfg_attr(target_vendor = \"apple\", unsafe(link_section = \"__DATA,__mod_init_func\"))] \
                 #[cfg_attr(windows, unsafe(link_section = \".CRT$XCU\"))] \
                 #[cfg_attr(not(any(target_vendor = \"apple\", windows)), unsafe(link_section = \".init_array\"))] \
                 static WB_BEGIN: extern \"C\" fn() = wb_recorder::host::begin_before_main; ";
    }
    let at = first_item(text);
    format!("{}{line}{also}{}", &text[..at], &text[at..])
}

/// Where a crate's inner attributes and comments end.
fn first_item(text: &str) -> usize {
    let mut at = 0;
    if text.starts_with('\u{feff}') {
        at = '\u{feff}'.len_utf8();
    }
    if text[at..].starts_with("#!")
        && !text[at..].trim_start_matches("#!").trim_start().starts_with('[')
    {
        at += text[at..].find('\n').unwrap_or(text.len() - at);
    }
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start().len();
        let item = &rest[blank..];
        let skip = if item.starts_with("#![") || item.starts_with("#! [") {
            attribute(item)
        } else if item.starts_with("//") && (!item.starts_with("///") || item.starts_with("////")) {
            Some(item.find('\n').unwrap_or(item.len()))
        } else if item.starts_with("/*") && (!item.starts_with("/**") || item.starts_with("/**/")) {
            block_comment(item)
        } else {
            None
        };
        match skip {
            Some(skip) if skip > 0 => at += blank + skip,
            _ => return at + blank,
        }
    }
}

/// The length of a block comment, which may hold others.
fn block_comment(text: &str) -> Option<usize> {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

/// The length of an attribute: to the bracket that closes it.
fn attribute(text: &str) -> Option<usize> {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let step = if let Some(length) = string(rest) {
            length
        } else if rest.starts_with("/*") {
            block_comment(rest)?
        } else if rest.starts_with("//") {
            rest.find('\n')?
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        match rest.as_bytes()[0] {
            b'[' => depth += 1,
            b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += step;
    }
    None
}

/// The length of the string literal that the text begins with, raw or not.
fn string(text: &str) -> Option<usize> {
    if let Some(raw) = text.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inside = raw[hashes..].strip_prefix('"')?;
        let close = format!("\"{}", "#".repeat(hashes));
        let end = inside.find(&close)?;
        return Some(1 + hashes + 1 + end + close.len());
    }
    let mut letters = text.strip_prefix('"')?.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '"' => return Some(at + 2),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{first_item, with_line};

    #[test]
    fn the_line_comes_before_the_first_item_and_moves_no_other() {
        let text = "#!/usr/bin/env run\n/* by /* us */ */\n//! A program.\n#![allow(dead_code, reason = \"]\")]\n\
                    #![doc = r#\"a \" ] b\"#]\n\n// It\n/// Main.\nfn main() {}\n";
        assert!(text[first_item(text)..].starts_with("/// Main."), "{}", &text[first_item(text)..]);
        assert_eq!(with_line(text, true, "").lines().count(), text.lines().count());
        assert!(with_line("fn main() {}", false, "").ends_with("as wb_recorder; fn main() {}"));
        assert_eq!(first_item("// nothing"), "// nothing".len());
        assert_eq!(first_item("#![cfg(x)]"), "#![cfg(x)]".len());
    }
}
