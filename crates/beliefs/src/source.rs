//! The learner's code at a place, whatever its layout: tokens without
//! comments, one space between two words and none elsewhere, every text
//! literal as `""`. `let  a = f( "x" );` is spelled `let a=f("");`.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, LineColumn, TokenStream, TokenTree};

use crate::Place;

/// A file whose brackets go deeper than this is nobody's answer.
const DEEPEST: usize = 128;

/// A file as tokens. Code that rustc cannot parse is one, too, as long as its
/// brackets pair up.
#[derive(Debug)]
pub struct Source {
    tokens: Vec<TokenTree>,
    all: String,
}

impl Source {
    /// The tokens of this text, if it has any, and not too deep in brackets.
    pub fn read(text: &str) -> Option<Self> {
        let tokens: Vec<_> = TokenStream::from_str(text).ok()?.into_iter().collect();
        if is_deep(&tokens) {
            return None;
        }
        let mut all = Spelling::default();
        all.add_all(&tokens);
        (!tokens.is_empty()).then_some(Self { tokens, all: all.0 })
    }

    /// All of it.
    pub fn all(&self) -> &str {
        &self.all
    }

    /// The tokens at a place.
    pub fn at(&self, place: Place) -> String {
        let mut spelling = Spelling::default();
        collect(&self.tokens, place, &mut spelling);
        spelling.0
    }

    /// The tokens behind a place, up to the end of the brackets that it is in.
    pub fn behind(&self, place: Place) -> String {
        let mut level = self.tokens.clone();
        while let Some(below) = level.iter().find_map(|token| holds(token, place)) {
            level = below;
        }
        let end = (place.end_line, place.end_column);
        let mut spelling = Spelling::default();
        let behind = |token: &&TokenTree| end <= position(token.span().start());
        level.iter().filter(behind).for_each(|token| spelling.add(token));
        spelling.0
    }

    /// The calls, macros, blocks and functions around a place, from the outer
    /// to the inner: `fn fetch_all`, `tokio::spawn`, `.map`, `select!`,
    /// `async`, `loop`. What a place covers from its first letter to its last
    /// is around it, too.
    pub fn around(&self, place: Place) -> Vec<String> {
        let mut heads = Vec::new();
        descend(&self.tokens, place, &mut heads);
        heads
    }
}

/// Whether a walk down its brackets could use up the stack.
fn is_deep(tokens: &[TokenTree]) -> bool {
    let mut level = tokens.to_vec();
    for _ in 0..DEEPEST {
        let below = level.into_iter().filter_map(|token| match token {
            TokenTree::Group(group) => Some(group.stream()),
            _ => None,
        });
        level = below.flatten().collect();
        if level.is_empty() {
            return false;
        }
    }
    true
}

fn collect(tokens: &[TokenTree], place: Place, spelling: &mut Spelling) {
    for token in tokens {
        let span = token.span();
        if within(span.start(), span.end(), place) {
            spelling.add(token);
        } else if let TokenTree::Group(group) = token
            && overlaps(span.start(), span.end(), place)
        {
            collect(&inner(group), place, spelling);
        }
    }
}

/// What is in these brackets, if the place is in them too.
fn holds(token: &TokenTree, place: Place) -> Option<Vec<TokenTree>> {
    let TokenTree::Group(group) = token else { return None };
    let (start, end) = (group.span_open().end(), group.span_close().start());
    covers(start, end, place).then(|| inner(group))
}

fn descend(tokens: &[TokenTree], place: Place, heads: &mut Vec<String>) {
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let head = head(&tokens[..index], group.delimiter());
        let start = head.first().map_or(token.span(), TokenTree::span).start();
        if covers(start, token.span().end(), place) {
            let mut spelling = Spelling::default();
            spelling.add_all(head);
            // Of a function's head only the name counts.
            let words: Vec<&str> = spelling.0.split(['(', '<']).collect();
            heads.push(words[0].to_owned());
            descend(&inner(group), place, heads);
        }
    }
}

/// The tokens that say what a group belongs to.
fn head(before: &[TokenTree], delimiter: Delimiter) -> &[TokenTree] {
    let is_word =
        |token: &TokenTree, word: &str| matches!(token, TokenTree::Ident(ident) if ident == word);
    if delimiter == Delimiter::Brace {
        let begins = |token: &TokenTree| {
            matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
                || matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';')
        };
        let begin = before.iter().rposition(begins).map_or(0, |at| at + 1);
        let words = ["fn", "for", "while", "loop"];
        let word =
            before[begin..].iter().position(|token| words.iter().any(|word| is_word(token, word)));
        if let Some(at) = word {
            return &before[begin + at..];
        }
    }
    let is_part = |token: &&TokenTree| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => matches!(punct.as_char(), ':' | '!'),
        _ => false,
    };
    let mut from = before.len() - before.iter().rev().take_while(is_part).count();
    // `let a: T = f()` and `return f()`: words side by side are no path.
    for at in (from + 1..before.len()).rev() {
        if let (TokenTree::Ident(_), TokenTree::Ident(last)) = (&before[at - 1], &before[at])
            && last != "move"
        {
            from = at;
            break;
        }
    }
    if from > 0 && matches!(&before[from - 1], TokenTree::Punct(punct) if punct.as_char() == '.') {
        from -= 1;
    }
    &before[from..]
}

fn inner(group: &Group) -> Vec<TokenTree> {
    group.stream().into_iter().collect()
}

/// A token's position as rustc counts.
fn position(at: LineColumn) -> (usize, usize) {
    (at.line, at.column + 1)
}

fn within(start: LineColumn, end: LineColumn, place: Place) -> bool {
    (place.line, place.column) <= position(start)
        && position(end) <= (place.end_line, place.end_column)
}

fn overlaps(start: LineColumn, end: LineColumn, place: Place) -> bool {
    position(start) < (place.end_line, place.end_column)
        && (place.line, place.column) < position(end)
}

fn covers(start: LineColumn, end: LineColumn, place: Place) -> bool {
    position(start) <= (place.line, place.column)
        && (place.end_line, place.end_column) <= position(end)
}

#[derive(Default)]
struct Spelling(String);

impl Spelling {
    fn add_all(&mut self, tokens: &[TokenTree]) {
        tokens.iter().for_each(|token| self.add(token));
    }

    fn add(&mut self, token: &TokenTree) {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                self.0.push_str(open);
                self.add_all(&inner(group));
                self.0.push_str(close);
            }
            TokenTree::Punct(punct) => self.0.push(punct.as_char()),
            TokenTree::Ident(ident) => self.word(&ident.to_string()),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                self.word(if text.contains('"') { "\"\"" } else { &text });
            }
        }
    }

    fn word(&mut self, word: &str) {
        let is_wordy = |letter: char| letter.is_alphanumeric() || letter == '_';
        if self.0.ends_with(is_wordy) && word.starts_with(is_wordy) {
            self.0.push(' ');
        }
        self.0.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
pub async fn all<F>(urls: &[&str], fetch: F)
where
    F: AsyncFn(&str),
{
    for url in urls {
        let 网页 = tokio::spawn( async move { fetch(url) /* ) */.await } );
        a.push(\"(\"); return join!(a, b);
    }
}
";

    fn place(part: &str) -> Place {
        let at = TEXT.find(part).expect("it is in the text");
        let line = TEXT[..at].matches('\n').count() + 1;
        let before = TEXT[..at].rsplit('\n').next().unwrap_or_default();
        let column = before.chars().count() + 1;
        Place { line, column, end_line: line, end_column: column + part.len() }
    }

    #[test]
    fn layout_and_comments_do_not_count() {
        let source = Source::read(TEXT).expect("tokens");
        assert_eq!(source.at(place("fetch(url) /* ) */.await")), "fetch(url).await");
        assert_eq!(source.behind(place("fetch(url)")), ".await");
        assert_eq!(source.behind(place("\"(\"")), "");
        assert_eq!(source.at(place("a.push(\"(\")")), "a.push(\"\")");
        assert!(
            source.all().starts_with("pub async fn all<F>(urls:&[&str],fetch:F)where F:AsyncFn")
        );
    }

    #[test]
    fn no_file_is_too_deep_for_the_stack() {
        assert!(Source::read(&format!("{}{}", "(".repeat(100), ")".repeat(100))).is_some());
        assert!(Source::read(&format!("{}{}", "(".repeat(100_000), ")".repeat(100_000))).is_none());
    }

    #[test]
    fn a_place_has_calls_around_it() {
        let source = Source::read(TEXT).expect("tokens");
        let around = |part| source.around(place(part));
        assert_eq!(
            around("fetch(url)"),
            ["fn all", "for url in urls", "tokio::spawn", "async move", "fetch"]
        );
        assert_eq!(around("\"(\""), ["fn all", "for url in urls", ".push"]);
        assert_eq!(around("join!(a, b)"), ["fn all", "for url in urls", "join!"]);
    }
}
