//! An exercise as it lies on disk, and its variants as packages.

mod scratch;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use grading::{Verdict, report::Entry};
use serde::{Deserialize, Serialize};

use crate::{
    cargo::{self, entries, files, read},
    ensure,
};

pub use scratch::{entries_of, run};

/// An exercise.
pub struct Exercise {
    pub name: String,
    pub variants: Vec<Variant>,
    directory: PathBuf,
}

/// An answer to an exercise.
pub struct Variant {
    /// The name among the exercise's variants.
    pub name: String,
    /// The name among the packages of the scratch workspace.
    pub package: String,
    pub kind: Kind,
    source: String,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    Starter,
    Solution,
    /// The starter with every line commented out.
    Emptied,
    Wrong(Expected),
}

/// How a wrong answer fails: `// expect: TEST: VERDICT: PART OF MESSAGE`.
#[derive(Debug, PartialEq, Eq)]
pub struct Expected {
    pub test: String,
    pub verdict: Verdict,
    pub part: String,
}

/// What became of a variant.
#[derive(Clone, Serialize, Deserialize)]
pub struct Outcome {
    pub warnings: String,
    pub errors: String,
    /// The test's binary, if it compiled.
    pub test: Option<PathBuf>,
    pub entries: Vec<Entry>,
}

/// The outcome of every variant, by its package's name.
pub type Outcomes = HashMap<String, Outcome>;

/// What every exercise consists of, besides its wrong answers.
const FILES: &[&str] = &[
    "Cargo.toml",
    "hints.en.md",
    "hints.zh.md",
    "solution.rs",
    "src/lib.rs",
    "starter.rs",
    "statement.en.md",
    "statement.zh.md",
];

/// What makes a test depend on real time or on other threads.
const FORBIDDEN: &[&str] = &[
    "std::time::Instant",
    "SystemTime",
    "use std::thread",
    "thread::spawn",
    "thread::sleep(",
    "spawn_blocking",
    "time::pause",
    "time::resume",
    "time::advance",
    "assert!",
    "assert_eq!",
    "println!",
];

/// Every exercise of the workspace.
pub fn all() -> Vec<Exercise> {
    let mut exercises: Vec<_> = entries(&cargo::root().join("exercises"))
        .into_iter()
        .filter(|path| path.is_dir())
        .map(Exercise::read)
        .collect();
    exercises.sort_by(|one, other| one.name.cmp(&other.name));
    exercises
}

impl Exercise {
    fn read(directory: PathBuf) -> Self {
        let name = stem(&directory);
        // Not src/lib.rs: that file is the learner's.
        let starter = read(&directory.join("starter.rs"));
        let emptied = starter.lines().map(|line| format!("// {line}\n")).collect();
        let mut variants = vec![
            Variant::new(&name, "starter", Kind::Starter, starter),
            Variant::new(&name, "emptied", Kind::Emptied, emptied),
            Variant::new(&name, "solution", Kind::Solution, read(&directory.join("solution.rs"))),
        ];
        for path in entries(&directory.join("wrong")) {
            let source = read(&path);
            let expected = Expected::parse(&source).unwrap_or_else(|| {
                panic!("{}: no `// expect: TEST: VERDICT: PART`", path.display())
            });
            let label = format!("wrong-{}", stem(&path));
            variants.push(Variant::new(&name, &label, Kind::Wrong(expected), source));
        }
        Self { name, variants, directory }
    }

    /// The variant that must pass.
    pub fn solution(&self) -> Result<&Variant, String> {
        let mut variants = self.variants.iter();
        let solution = variants.find(|variant| variant.kind == Kind::Solution);
        solution.ok_or_else(|| "no solution".to_owned())
    }

    /// No file is missing and none is left over.
    pub fn check_files(&self) -> Result<(), String> {
        let test = format!("tests/{}.rs", self.name);
        let mut wrong = 0;
        let mut expected: Vec<&str> = FILES.to_vec();
        expected.push(&test);
        for file in files(&self.directory) {
            let relative = file.strip_prefix(&self.directory).unwrap_or(&file);
            let relative = relative.to_string_lossy().replace('\\', "/");
            if let Some(index) = expected.iter().position(|name| *name == relative) {
                expected.remove(index);
            } else if relative.starts_with("wrong/") && relative.ends_with(".rs") {
                wrong += 1;
            } else {
                return Err(format!("left over: {relative}"));
            }
        }
        ensure(expected.is_empty(), || format!("missing: {expected:?}"))?;
        ensure(wrong >= 3, || format!("{wrong} wrong answers"))
    }

    /// The learner's file is the starter: nobody has begun to solve it.
    pub fn check_untouched(&self) -> Result<(), String> {
        let file = |file| read(&self.directory.join(file));
        ensure(file("src/lib.rs") == file("starter.rs"), || {
            "src/lib.rs differs from starter.rs".to_owned()
        })
    }

    /// The task stands at the top of the file, Chinese first, and the other
    /// texts say as much in one language as in the other.
    pub fn check_texts(&self) -> Result<(), String> {
        for file in ["starter.rs", "solution.rs"] {
            let source = read(&self.directory.join(file));
            let mut lines = source.lines();
            let (first, second) = (lines.next(), lines.next());
            let chinese = |line: &str| line.chars().any(|c| ('一'..='鿿').contains(&c));
            let comment = |line: Option<&str>, zh| {
                line.is_some_and(|line| line.starts_with("// ") && chinese(line) == zh)
            };
            ensure(comment(first, true) && comment(second, false), || {
                format!("{file}: two lines must name the task")
            })?;
        }
        let levels = |language| {
            let hints = read(&self.directory.join(format!("hints.{language}.md")));
            hints.split("\n---\n").map(|hint| hint.trim().len()).collect::<Vec<_>>()
        };
        let (en, zh) = (levels("en"), levels("zh"));
        ensure(en.len() >= 3 && en.len() == zh.len(), || {
            format!("{} hints in English, {} in Chinese", en.len(), zh.len())
        })?;
        ensure(!en.contains(&0) && !zh.contains(&0), || "an empty hint".into())
    }

    /// The tests grade behaviour in virtual time, and teach when they fail.
    pub fn check_lint(&self) -> Result<(), String> {
        let test = self.directory.join(format!("tests/{}.rs", self.name));
        let source = read(&test);
        for (number, line) in source.lines().enumerate() {
            for word in FORBIDDEN {
                ensure(!line.contains(word), || format!("line {}: {word}", number + 1))?;
            }
        }
        for select in source.split("select!").skip(1) {
            let block = select.trim_start().trim_start_matches(['{', '(']).trim_start();
            ensure(block.starts_with("biased;"), || "select! without biased;".into())?;
        }
        Ok(())
    }
}

impl Variant {
    fn new(exercise: &str, name: &str, kind: Kind, source: String) -> Self {
        Self { name: name.to_owned(), package: format!("{exercise}--{name}"), kind, source }
    }
}

impl Expected {
    fn parse(source: &str) -> Option<Self> {
        let line = source.lines().next()?.strip_prefix("// expect: ")?;
        let (test, rest) = line.split_once(": ")?;
        let (verdict, part) = rest.split_once(": ")?;
        Some(Self {
            test: test.to_owned(),
            verdict: serde_json::from_value(verdict.into()).ok()?,
            part: part.to_owned(),
        })
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
