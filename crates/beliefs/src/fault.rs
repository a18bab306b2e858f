//! What rustc found, as far as the next rustc will still say it: codes and
//! places.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// An error or a warning of rustc's that concerns the learner's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// `E0277`, or a lint's name; empty where rustc gives none.
    pub code: String,
    /// Where it is, in the learner's file.
    pub places: Vec<Place>,
}

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
#[derive(Debug, Deserialize)]
pub struct Diagnostic {
    /// `error`, `warning`, …
    pub level: String,
    /// As it would stand in the terminal.
    pub rendered: Option<String>,
    code: Option<Code>,
    /// What it points to.
    pub spans: Vec<Span>,
    #[serde(default)]
    children: Vec<Child>,
}

#[derive(Debug, Deserialize)]
struct Code {
    code: String,
}

#[derive(Debug, Deserialize)]
struct Child {
    spans: Vec<Span>,
}

/// What rustc points to.
#[derive(Debug, Deserialize)]
pub struct Span {
    file_name: String,
    line_start: usize,
    line_end: usize,
    column_start: usize,
    column_end: usize,
    is_primary: bool,
    expansion: Option<Box<Expansion>>,
}

#[derive(Debug, Deserialize)]
struct Expansion {
    span: Span,
}

impl Diagnostic {
    /// What it says of this file: the places that it points to first, or else
    /// those that it only mentions. None if it says nothing of it.
    pub fn fault(&self, file: &Path) -> Option<Fault> {
        let places = |spans: &mut dyn Iterator<Item = &Span>| -> Vec<Place> {
            spans.filter_map(|span| span.place(file)).collect()
        };
        let mut found = places(&mut self.spans.iter().filter(|span| span.is_primary));
        if found.is_empty() {
            let below = self.children.iter().flat_map(|child| &child.spans);
            found = places(&mut self.spans.iter().chain(below));
        }
        let code = self.code.as_ref().map_or(String::new(), |code| code.code.clone());
        (!found.is_empty()).then_some(Fault { code, places: found })
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

    fn fault(spans: &str) -> Option<Fault> {
        let json = format!(r#"{{"level":"error","code":{{"code":"E0277"}},"spans":[{spans}]}}"#);
        let diagnostic: Diagnostic = serde_json::from_str(&json).expect("rustc's JSON");
        diagnostic.fault(Path::new("/book/exercises/gather/src/lib.rs"))
    }

    #[test]
    fn a_macro_is_where_it_is_called() {
        let call =
            format!(r#"{{"file_name":"exercises/gather/src/lib.rs",{SPAN},"is_primary":false}}"#);
        let inner = format!(
            r#"{{"file_name":"/registry/tokio/src/macros/join.rs","line_start":1,"line_end":1,
            "column_start":1,"column_end":2,"is_primary":true,"expansion":{{"span":{call}}}}}"#
        );
        let fault = fault(&inner).expect("it is in the file");
        assert_eq!((fault.code.as_str(), fault.places[0].line), ("E0277", 2));
    }

    #[test]
    fn another_file_of_the_same_name_is_none() {
        let span =
            format!(r#"{{"file_name":"/registry/tokio/src/lib.rs",{SPAN},"is_primary":true}}"#);
        assert_eq!(fault(&span), None);
    }
}
