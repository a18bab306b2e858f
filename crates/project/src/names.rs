//! What to say about a name that does not exist: the nearest ones.

use crate::locale::t;

/// The known names nearest to `name`, best first, three at most.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(score, _)| *score >= 0.8)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// A longer word of somebody's is cut when it is shown.
const LONGEST: usize = 60;

/// Whether it moves a terminal's cursor or turns the direction of a line.
pub fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Somebody's own word as it may be shown: cut, with nothing in it that moves a
/// terminal's cursor or turns the direction of a line.
pub fn shown(word: &str) -> String {
    let mut shown = String::new();
    for (index, letter) in word.chars().enumerate() {
        if index == LONGEST {
            shown.push('…');
            break;
        }
        if is_unsafe(letter) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// One sentence for an unknown name: what is wrong and what to write instead.
pub fn unknown<'a>(
    what: (&str, &str),
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let near = nearest(name, known.iter().copied());
    let (choice, all) = if near.is_empty() { (known, true) } else { (near, false) };
    let name = shown(name);
    let quoted: Vec<String> = choice.iter().map(|name| format!("`{name}`")).collect();
    let (zh, en) = what;
    match (quoted.is_empty(), all) {
        (true, _) => {
            t(format!("没有名为 `{name}` 的{zh}。"), format!("There is no {en} named `{name}`."))
        }
        (false, true) => t(
            format!("没有名为 `{name}` 的{zh}；现有：{}。", quoted.join("、")),
            format!("There is no {en} named `{name}`; there are {}.", quoted.join(", ")),
        ),
        (false, false) => t(
            format!("没有名为 `{name}` 的{zh}；你要的是 {} 吗？", quoted.join("、")),
            format!("There is no {en} named `{name}`; did you mean {}?", quoted.join(" or ")),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{nearest, shown};

    const NAMES: [&str; 4] = ["hello_world", "gather", "gather_downloads", "cancel"];

    #[test]
    fn a_typo_finds_its_name() {
        assert_eq!(nearest("helo_world", NAMES), ["hello_world"]);
        assert_eq!(nearest("gathr", NAMES), ["gather", "gather_downloads"]);
    }

    #[test]
    fn a_strangers_word_is_cut_and_cannot_move_the_cursor() {
        assert_eq!(shown("gather"), "gather");
        assert_eq!(shown("\u{1b}[2J\u{202e}x"), "\\u{1b}[2J\\u{202e}x");
        assert_eq!(shown(&"长".repeat(100_000)).chars().count(), 61);
    }

    #[test]
    fn nonsense_finds_nothing() {
        assert!(nearest("zzz", NAMES).is_empty());
    }
}
