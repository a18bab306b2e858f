//! What became of a package.

use std::time::Duration;

use beliefs::Fault;
use grading::report::{self, Entry};
use grading::{Text, Verdict};
use rustc::Told;

/// What is told while packages are checked.
#[derive(Debug)]
pub enum News {
    /// What cargo does meanwhile.
    Cargo(Progress),
    /// This package has its verdicts.
    Checked(Checked),
}

/// What cargo says of its progress.
#[derive(Debug)]
pub enum Progress {
    /// It began to compile this crate.
    Compiling(String),
    /// It waits for another cargo; its own words.
    Blocking(String),
}

/// What became of one package.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The package's name.
    pub package: String,
    /// Whether it compiled.
    pub compiled: Compiled,
    /// rustc's warnings about it, as rustc renders them.
    pub warnings: String,
    /// What rustc's errors and warnings are, and where in the answer.
    pub faults: Vec<Fault>,
    /// The same in rustc's words, by the lines of the answer.
    pub told: Vec<Told>,
    /// One for each test, sorted by name. None if it did not compile.
    pub entries: Vec<Entry>,
}

/// Whether a package compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compiled {
    /// It did.
    Yes,
    /// It did not: rustc's errors, as rustc renders them.
    No(String),
    /// Cargo had not finished it at [`Options::compile_limit`].
    TooLong(Duration),
}

impl Checked {
    /// Whether there are tests and all of them passed.
    pub fn passed(&self) -> bool {
        !self.entries.is_empty()
            && self.entries.iter().all(|entry| entry.verdict == Verdict::Passed)
    }

    /// One entry for each test of `reference`, which is what the solution
    /// got: tests that did not come to run have failed, and are worth what
    /// they are worth there. Other tests are left out.
    pub fn against(&self, reference: &[Entry]) -> Vec<Entry> {
        let own = |test: &str| self.entries.iter().find(|entry| entry.test == test);
        let missed = |test: &Entry| match &self.compiled {
            Compiled::Yes => missing(&test.exercise, &test.test, None),
            Compiled::No(errors) => Entry {
                verdict: Verdict::DoesNotCompile,
                message: (errors.clone(), errors.clone()).into(),
                ..missing(&test.exercise, &test.test, None)
            },
            Compiled::TooLong(limit) => Entry {
                verdict: Verdict::DoesNotCompile,
                message: compiles_too_long(*limit),
                ..missing(&test.exercise, &test.test, None)
            },
        };
        let entry = |test: &Entry| {
            let found = own(&test.test).cloned().unwrap_or_else(|| missed(test));
            let points = if found.verdict == Verdict::Passed { test.out_of } else { 0 };
            Entry { points, out_of: test.out_of, ..found }
        };
        reference.iter().map(entry).collect()
    }
}

/// What to say of a package on which cargo took too long.
pub fn compiles_too_long(limit: Duration) -> Text {
    (
        format!("The compiler had not finished after {limit:?}, and was killed."),
        format!("编译超过 {limit:?} 还没有完成，只好终止它。"),
    )
        .into()
}

/// What stands for a test that left no line.
pub fn missing(exercise: &str, test: &str, limit: Option<Duration>) -> Entry {
    let (verdict, message): (_, Text) = match limit {
        Some(limit) => (
            Verdict::Hung,
            (
                format!("The tests had not ended after {limit:?}, and were killed."),
                format!("测试超过 {limit:?} 还没有结束，只好终止。"),
            )
                .into(),
        ),
        None => (
            Verdict::EarlyExit,
            (
                "The test left no line in the report: its process was ended before it could.",
                "测试没有在报告里留下结果：它的进程提前结束了。",
            )
                .into(),
        ),
    };
    Entry {
        version: report::VERSION,
        exercise: exercise.to_owned(),
        test: test.to_owned(),
        verdict,
        message,
        points: 0,
        out_of: 1,
        virtual_ms: None,
        real_ms: 0,
        output: String::new(),
        cut: None,
        missing: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(test: &str, verdict: Verdict) -> Entry {
        Entry { verdict, out_of: 2, ..missing("gather", test, None) }
    }

    #[test]
    fn tests_that_did_not_run_have_failed() {
        let mut checked = Checked {
            package: "gather".to_owned(),
            compiled: Compiled::No("error: no".to_owned()),
            warnings: String::new(),
            faults: Vec::new(),
            told: Vec::new(),
            entries: Vec::new(),
        };
        let reference = [entry("a", Verdict::Passed), entry("b", Verdict::Passed)];
        let all = checked.against(&reference);
        assert!(all.iter().all(|entry| entry.verdict == Verdict::DoesNotCompile));
        assert!(all.iter().all(|entry| (entry.points, entry.out_of) == (0, 2)));

        checked.compiled = Compiled::Yes;
        checked.entries = vec![entry("b", Verdict::Passed)];
        let all = checked.against(&reference);
        assert_eq!((all[0].verdict, all[0].points), (Verdict::EarlyExit, 0));
        assert_eq!((all[1].verdict, all[1].points), (Verdict::Passed, 2));
    }
}
