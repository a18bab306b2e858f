//! What rustc says in JSON, and where in one file it says it.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// A stretch of source text. Lines and columns count from 1, in characters;
/// the end is behind the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The first line.
    pub line: usize,
    /// The first column.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// The column behind the end.
    pub end_column: usize,
}

/// What rustc says in JSON, the parts that are read.
#[derive(Debug, Clone, Deserialize)]
pub struct Diagnostic {
    /// `error`, `warning`, …
    pub level: String,
    /// In one sentence.
    #[serde(default)]
    pub message: String,
    /// As it would stand in the terminal.
    pub rendered: Option<String>,
    code: Option<Code>,
    /// What it points to.
    pub spans: Vec<Span>,
    #[serde(default)]
    children: Vec<Child>,
}

#[derive(Debug, Clone, Deserialize)]
struct Code {
    code: String,
}

/// A note or a help below it.
#[derive(Debug, Clone, Deserialize)]
struct Child {
    #[serde(default)]
    level: String,
    #[serde(default)]
    message: String,
    spans: Vec<Span>,
}

/// What rustc points to.
#[derive(Debug, Clone, Deserialize)]
pub struct Span {
    file_name: String,
    line_start: usize,
    line_end: usize,
    column_start: usize,
    column_end: usize,
    is_primary: bool,
    label: Option<String>,
    expansion: Option<Box<Expansion>>,
}

#[derive(Debug, Clone, Deserialize)]
struct Expansion {
    span: Span,
}

/// A diagnostic by the lines of one file, for whoever shows it there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// `error` or `warning`.
    pub level: String,
    /// In one sentence.
    pub message: String,
    /// `E0382`, or a lint's name.
    pub code: Option<String>,
    /// Where it is, if it is in this file.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// What stands at that place.
    pub label: Option<String>,
    /// Notes, helps and other places, in rustc's order.
    pub notes: Vec<Note>,
    /// As it would stand in the terminal.
    pub rendered: String,
}

/// More to a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The line that it speaks of, if it is in this file.
    pub line: Option<usize>,
    /// What it says.
    pub message: String,
}

impl Diagnostic {
    /// Its code: `E0277`, or a lint's name; empty where rustc gives none.
    pub fn code(&self) -> &str {
        self.code.as_ref().map_or("", |code| &code.code)
    }

    /// Where it speaks of this file: the places that it points to first, or else
    /// those that it only mentions.
    pub fn places(&self, file: &Path) -> Vec<Place> {
        let places = |spans: &mut dyn Iterator<Item = &Span>| -> Vec<Place> {
            spans.filter_map(|span| span.place(file)).collect()
        };
        let found = places(&mut self.spans.iter().filter(|span| span.is_primary));
        if !found.is_empty() {
            return found;
        }
        let below = self.children.iter().flat_map(|child| &child.spans);
        places(&mut self.spans.iter().chain(below))
    }

    /// Whether it is a finding of its own: not a count of the others.
    pub fn is_finding(&self) -> bool {
        match self.level.as_str() {
            // Without a place it only counts the others ("2 warnings emitted").
            "warning" => !self.spans.is_empty(),
            level if level.starts_with("error") => {
                !self.spans.is_empty() || !self.message.contains("aborting due to")
            }
            _ => false,
        }
    }

    /// Whether it keeps the program from being compiled.
    pub fn is_error(&self) -> bool {
        self.level.starts_with("error")
    }

    /// The same by the lines of this file.
    pub fn told(&self, file: &Path) -> Told {
        let main = self.spans.iter().find(|span| span.is_primary && span.place(file).is_some());
        let mut notes = Vec::new();
        let mut note = |line: Option<usize>, message: &str| {
            if !message.is_empty() {
                notes.push(Note { line, message: message.to_owned() });
            }
        };
        for span in &self.spans {
            if main.is_none_or(|main| !std::ptr::eq(main, span)) {
                let line = span.place(file).map(|place| place.line);
                note(line, span.label.as_deref().unwrap_or_default());
            }
        }
        for child in &self.children {
            let line = child.spans.iter().find_map(|span| span.place(file)).map(|it| it.line);
            note(line, &format!("{}: {}", child.level, child.message));
        }
        Told {
            level: if self.is_error() { "error".to_owned() } else { self.level.clone() },
            message: self.message.clone(),
            code: self.code.as_ref().map(|code| code.code.clone()),
            place: main.and_then(|span| span.place(file)).or(self.places(file).first().copied()),
            label: main.and_then(|span| span.label.clone()),
            notes,
            rendered: self.rendered.clone().unwrap_or_default(),
        }
    }
}

impl Span {
    /// Where it is in this file, be it the call of a macro that holds it.
    fn place(&self, file: &Path) -> Option<Place> {
        if file.ends_with(&self.file_name) {
            return Some(Place {
                line: self.line_start,
                column: self.column_start,
                end_line: self.line_end,
                end_column: self.column_end,
            });
        }
        self.expansion.as_ref()?.span.place(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: &str = r#""line_start":2,"line_end":2,"column_start":5,"column_end":9"#;

    fn diagnostic(spans: &str) -> Diagnostic {
        let json = format!(
            r#"{{"level":"error","message":"no","code":{{"code":"E0277"}},"spans":[{spans}]}}"#
        );
        serde_json::from_str(&json).expect("rustc's JSON")
    }

    #[test]
    fn a_macro_is_where_it_is_called() {
        let call =
            format!(r#"{{"file_name":"exercises/gather/src/lib.rs",{SPAN},"is_primary":false}}"#);
        let inner = diagnostic(&format!(
            r#"{{"file_name":"/registry/tokio/src/macros/join.rs","line_start":1,"line_end":1,
            "column_start":1,"column_end":2,"is_primary":true,"label":"here",
            "expansion":{{"span":{call}}}}}"#
        ));
        let file = Path::new("/book/exercises/gather/src/lib.rs");
        assert_eq!((inner.code(), inner.places(file)[0].line), ("E0277", 2));
        let told = inner.told(file);
        assert_eq!(
            (told.place.map(|place| place.line), told.label.as_deref()),
            (Some(2), Some("here"))
        );
    }

    #[test]
    fn another_file_of_the_same_name_is_none() {
        let span =
            format!(r#"{{"file_name":"/registry/tokio/src/lib.rs",{SPAN},"is_primary":true}}"#);
        let elsewhere = diagnostic(&span);
        assert!(elsewhere.places(Path::new("/book/exercises/gather/src/lib.rs")).is_empty());
    }
}
