//! Which belief about async code lies behind an answer that fails: one
//! sentence above rustc's, or above the failed test's. It knows no exercise and runs
//! nothing: it reads rustc's diagnostics and a test's report.
//!
//! An exercise keeps its beliefs in `beliefs.toml`, the first that fits is
//! shown:
//!
//! ```toml
//! [[belief]]
//! name = "a_task_may_borrow"      # as the wrong answers call it
//! code = "E0521"                  # rustc's code, or a list; "" for an error without one
//! inside = 'tokio::spawn'         # a call or function around the place
//! at = '^fetch\('                 # the learner's code at the place
//! next = '^\.await'              # and behind it
//! section = "create_task#code"    # where the chapter says so
//! en = """
//! The belief, on the first line.
//! What is true instead."""
//! zh = """…"""
//! ```
//!
//! Instead of `code` stands `test` with `verdict` where the answer compiles;
//! `uses` and `lacks` look at the whole answer, in both cases. All of these but
//! `code`, `test` and `verdict` are regular expressions over the learner's code as
//! [`source`] spells it; `inside` must fit from end to end.
//!
//! Nothing here reads what rustc says in words, which changes with every
//! rustc: only its codes and places ([`fault`]). This crate does not know how
//! an answer is compiled, nor how a sentence is shown.

pub mod fault;
pub mod source;

use std::path::Path;

use grading::report::Entry;
use grading::{Text, Verdict};
use regex::Regex;
use serde::{Deserialize, Deserializer, de::Error};

pub use fault::{Fault, Place};
use source::Source;

/// The file of an exercise's beliefs.
pub const FILE: &str = "beliefs.toml";

/// The beliefs of one exercise, in the order of precedence.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beliefs {
    /// As they stand in the file.
    #[serde(default, rename = "belief")]
    pub all: Vec<Belief>,
}

/// A belief: how it shows, and what to say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Belief {
    /// Its name among the beliefs of the exercise.
    pub name: String,
    /// `CHAPTER#ID`: where the book says so.
    pub section: String,
    /// In English: the belief, and below it what is true instead.
    pub en: String,
    /// The same in Chinese, an original too.
    pub zh: String,
    /// rustc's codes, names of lints among them; `""` is an error without one.
    #[serde(default, deserialize_with = "one_or_more")]
    pub code: Vec<String>,
    /// The failed test, or several of which any may fail.
    #[serde(default, deserialize_with = "one_or_more")]
    pub test: Vec<String>,
    /// How it failed.
    pub verdict: Option<Verdict>,
    #[serde(default, deserialize_with = "whole")]
    inside: Option<Regex>,
    #[serde(default, deserialize_with = "part")]
    at: Option<Regex>,
    #[serde(default, deserialize_with = "part")]
    next: Option<Regex>,
    #[serde(default, deserialize_with = "part")]
    uses: Option<Regex>,
    #[serde(default, deserialize_with = "part")]
    lacks: Option<Regex>,
}

impl Beliefs {
    /// Reads the text of a [`FILE`].
    ///
    /// # Errors
    ///
    /// It is no such text.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Reads those of the exercise in this folder: none where they cannot be
    /// read, for an answer is graded without them.
    pub fn of_exercise(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join(FILE)).unwrap_or_default();
        Self::parse(&text).unwrap_or_default()
    }

    /// The belief behind what rustc found in `answer`, if it is one of these.
    pub fn behind_faults(&self, faults: &[Fault], answer: &str) -> Option<&Belief> {
        let source = Source::read(answer)?;
        self.all.iter().find(|belief| faults.iter().any(|fault| belief.is_behind(fault, &source)))
    }

    /// For each of these tests the belief behind its failure, if it is one of
    /// these, at the first of the tests that fail for it.
    pub fn behind_tests(&self, entries: &[Entry], answer: &str) -> Vec<Option<&Belief>> {
        let Some(source) = Source::read(answer) else { return vec![None; entries.len()] };
        let mut found: Vec<Option<&Belief>> = Vec::new();
        for entry in entries {
            let behind = self.all.iter().find(|belief| belief.is_behind_test(entry, &source));
            let is_new = |belief: &&Belief| {
                found.iter().flatten().all(|earlier| earlier.name != belief.name)
            };
            found.push(behind.filter(is_new));
        }
        found
    }
}

impl Belief {
    /// What to say: the belief, what is true instead, where the book says so.
    pub fn text(&self) -> Text {
        let Self { section, en, zh, .. } = self;
        let (en, zh) = (en.trim(), zh.trim());
        (
            format!("The belief behind it: {en}\nThe chapter on it: {section}"),
            format!("背后的想法：{zh}\n书里讲到它的地方：{section}"),
        )
            .into()
    }

    fn is_behind(&self, fault: &Fault, source: &Source) -> bool {
        self.code.contains(&fault.code)
            && self.is_used(source)
            && fault.places.iter().any(|place| self.is_at(*place, source))
    }

    fn is_behind_test(&self, entry: &Entry, source: &Source) -> bool {
        self.verdict == Some(entry.verdict)
            && self.test.contains(&entry.test)
            && self.is_used(source)
    }

    fn is_at(&self, place: Place, source: &Source) -> bool {
        let fits = |at: &Regex| at.is_match(&source.at(place));
        let around = |inside: &Regex| source.around(place).iter().any(|head| inside.is_match(head));
        let follows = |next: &Regex| next.is_match(&source.behind(place));
        self.at.as_ref().is_none_or(fits)
            && self.next.as_ref().is_none_or(follows)
            && self.inside.as_ref().is_none_or(around)
    }

    fn is_used(&self, source: &Source) -> bool {
        let is_there = |pattern: &Regex| pattern.is_match(source.all());
        self.uses.as_ref().is_none_or(is_there) && !self.lacks.as_ref().is_some_and(is_there)
    }

    /// Whether it says by what it is known, in one of the two ways.
    pub fn is_complete(&self) -> bool {
        let has_place = self.at.is_some() || self.inside.is_some();
        match self.verdict {
            None => self.test.is_empty() && !self.code.is_empty() && has_place,
            Some(_) => !self.test.is_empty() && self.code.is_empty() && !has_place,
        }
    }
}

fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Codes {
        One(String),
        More(Vec<String>),
    }
    Ok(match Codes::deserialize(deserializer)? {
        Codes::One(code) => vec![code],
        Codes::More(codes) => codes,
    })
}

fn part<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Regex>, D::Error> {
    let pattern = String::deserialize(deserializer)?;
    Regex::new(&pattern).map(Some).map_err(D::Error::custom)
}

fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Regex>, D::Error> {
    let pattern = String::deserialize(deserializer)?;
    Regex::new(&format!("^(?:{pattern})$")).map(Some).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        [[belief]]
        name = "a_task_may_borrow"
        code = ["E0521", "E0277"]
        inside = '(tokio::)?spawn'
        section = "gather#code"
        en = "A task may borrow.\nIt may not."
        zh = "任务可以借用。\n不可以。"
    "#;

    const ANSWER: &str = "fn f() {\n    let a = tokio::spawn(fetch(url));\n    b\n}\n";

    fn fault(code: &str, line: usize, column: usize, end: usize) -> Fault {
        let place = Place { line, column, end_line: line, end_column: end };
        Fault { code: code.to_owned(), places: vec![place] }
    }

    #[test]
    fn a_belief_is_known_by_code_and_place() {
        let beliefs = Beliefs::parse(FILE).expect("it is right");
        let behind = |fault| beliefs.behind_faults(&[fault], ANSWER).is_some();
        assert!(behind(fault("E0521", 2, 13, 37)), "the call itself");
        assert!(behind(fault("E0277", 2, 26, 36)), "its argument");
        assert!(!behind(fault("E0521", 3, 5, 6)), "another place");
        assert!(!behind(fault("E0308", 2, 13, 37)), "another code");
        assert!(!behind(fault("E0521", 99, 1, 2)), "no place at all");
    }

    #[test]
    fn a_belief_is_said_once() {
        let belief = r#"
            [[belief]]
            name = "all_wait"
            test = ["one", "two"]
            verdict = "deadlock"
            uses = 'fetch'
            section = "gather#code"
            en = "All.\nNone."
            zh = "都。\n都不。"
        "#;
        let beliefs = Beliefs::parse(belief).expect("it is right");
        let entry = |test: &str, verdict| {
            let json = serde_json::json!({
                "version": 1, "exercise": "gather", "test": test, "verdict": verdict,
                "message": {"en": "", "zh": ""}, "points": 0, "out_of": 1, "virtual_ms": null,
                "real_ms": 0, "output": "", "missing": [],
            });
            serde_json::from_value::<Entry>(json).expect("an entry")
        };
        let entries = [
            entry("one", "wrong"),
            entry("two", "deadlock"),
            entry("one", "deadlock"),
            entry("three", "deadlock"),
        ];
        let said = |answer| {
            let behind = beliefs.behind_tests(&entries, answer);
            behind.iter().map(Option::is_some).collect::<Vec<_>>()
        };
        assert_eq!(said(ANSWER), [false, true, false, false]);
        assert_eq!(said("fn f() {}"), [false; 4]);
    }

    #[test]
    fn nothing_is_said_of_what_cannot_be_read() {
        let beliefs = Beliefs::parse(FILE).expect("it is right");
        let fault = [fault("E0521", 2, 13, 37)];
        assert!(beliefs.behind_faults(&fault, "fn f( {").is_none());
        assert!(beliefs.behind_faults(&fault, "").is_none());
        assert!(Beliefs::of_exercise(Path::new("nowhere")).all.is_empty());
        assert!(Beliefs::parse("[[belief]]\nat = '('").is_err());
    }
}
