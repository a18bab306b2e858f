//! The belief behind a failure, as it looks in a terminal: above rustc's
//! words, or above the failed test's.

use beliefs::Belief;
use console::style;
use exercises::Exercise;
use grading::report::Entry;
use project::locale::t;
use verdicts::Checked;

use crate::terminal;

/// The beliefs of an exercise, and the answer that they may lie behind.
#[derive(Debug)]
pub struct Beliefs {
    all: beliefs::Beliefs,
    answer: String,
}

impl Beliefs {
    /// Of this exercise and what the learner's file holds now.
    pub fn of(exercise: &Exercise) -> Self {
        let answer = exercise.source().unwrap_or_default();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        Self { all: exercise.beliefs(), answer }
    }

    /// What stands above rustc's words: nothing if no belief is certain.
    pub fn above_faults(&self, checked: &Checked) -> String {
        let belief = self.all.behind_faults(&checked.faults, &self.answer);
        belief.map_or(String::new(), |belief| format!("{}\n", shown(belief)))
    }

    /// What stands above the message of each of these tests.
    pub fn above_tests(&self, entries: &[Entry]) -> Vec<String> {
        let behind = self.all.behind_tests(entries, &self.answer);
        behind.into_iter().map(|belief| belief.map_or(String::new(), shown)).collect()
    }
}

/// A paragraph with a mark of its own; its last line opens the chapter.
fn shown(belief: &Belief) -> String {
    let mut lines = String::new();
    for line in terminal::text(&belief.text()).lines() {
        terminal::indent(&mut lines, line);
    }
    let chapter = belief.section.split('#').next().unwrap_or_default();
    let opens = terminal::command(&format!("cargo run -- {chapter}"));
    let opens = t(format!("（{opens}）"), format!(" ({opens})"));
    format!("  {} {}{opens}\n", style("▸").yellow(), lines.trim())
}
