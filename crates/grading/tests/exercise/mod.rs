//! An exercise as it lies on disk, and its variants as packages.

mod scratch;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use beliefs::{Beliefs, Fault};
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
    pub beliefs: Beliefs,
    directory: PathBuf,
}

/// An answer to an exercise.
pub struct Variant {
    /// The name among the exercise's variants.
    pub name: String,
    /// The name among the packages of the scratch workspace.
    pub package: String,
    pub kind: Kind,
    /// The beliefs that must be shown, by name: `// belief: ONE, OTHER`.
    pub beliefs: Vec<String>,
    /// Whether the failed test's own words name the belief: `// belief: said`.
    pub said_by_test: bool,
    pub source: String,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    Starter,
    Solution,
    /// The starter with every line commented out.
    Emptied,
    /// The solution with mistakes in every function behind which no belief is.
    Mistaken,
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
    /// What both are, and where in the answer.
    pub faults: Vec<Fault>,
    /// The test's binary, if it compiled.
    pub test: Option<PathBuf>,
    pub entries: Vec<Entry>,
}

/// The outcome of every variant, by its package's name.
pub type Outcomes = HashMap<String, Outcome>;

/// What every exercise consists of, besides its wrong answers.
const FILES: &[&str] = &[
    "Cargo.toml",
    "beliefs.toml",
    "hints.en.md",
    "hints.zh.md",
    "solution.rs",
    "src/lib.rs",
    "starter.rs",
    "statement.en.md",
    "statement.zh.md",
];

/// Mistakes that have nothing to do with async, of the kinds of which beliefs
/// are, too. rustc looks for the second kind where there is none of the first.
const OF_TYPES: &str = r#"
    let _: u32 = "no number";
    let _: Option<u32> = Err::<u32, u32>(1);
    let _ = "".no_such_method() + ["no index"][""];
    let _ = 1_u32 + "";
    let _ = str::len("", 1);
"#;
const OF_OWNERS: &str = r#"
    let text = String::new();
    (drop(text), drop(text));
    let texts = &vec![String::new()];
    let _taken = texts[0];
    let mut number = 1;
    let (one, other) = (&mut number, &mut number);
    (*one, *other) = (2, 3);
    let _kept = { &String::new() }.as_str();
    Err::<u32, u32>(1);
"#;

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
        let solution = read(&directory.join("solution.rs"));
        let mistaken = |mistakes| in_every_function(&solution, mistakes);
        let mut variants = vec![
            Variant::new(&name, "starter", Kind::Starter, starter),
            Variant::new(&name, "emptied", Kind::Emptied, emptied),
            Variant::new(&name, "mistyped", Kind::Mistaken, mistaken(OF_TYPES)),
            Variant::new(&name, "misowned", Kind::Mistaken, mistaken(OF_OWNERS)),
            Variant::new(&name, "solution", Kind::Solution, solution),
        ];
        for path in entries(&directory.join("wrong")) {
            let source = read(&path);
            let expected = Expected::parse(&source).unwrap_or_else(|| {
                panic!("{}: no `// expect: TEST: VERDICT: PART`", path.display())
            });
            let label = format!("wrong-{}", stem(&path));
            variants.push(Variant::new(&name, &label, Kind::Wrong(expected), source));
        }
        let file = directory.join(beliefs::FILE);
        let beliefs = Beliefs::parse(&read(&file));
        let beliefs = beliefs.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self { name, variants, beliefs, directory }
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
            let comment = |line: Option<&str>, zh| {
                line.is_some_and(|line| line.starts_with("// ") && is_chinese(line) == zh)
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

    /// Three beliefs have a sentence: one of ours, or that of the failed test.
    /// Each of ours is behind a wrong answer, speaks both languages, and points
    /// into both editions of the book.
    pub fn check_beliefs(&self) -> Result<(), String> {
        let all = &self.beliefs.all;
        let said = self.variants.iter().filter(|variant| variant.said_by_test).count();
        ensure(all.len() + said >= 3, || format!("{} beliefs", all.len() + said))?;
        for belief in all {
            let name = &belief.name;
            let fails = |what: &str| format!("{name}: {what}");
            ensure(belief.is_complete(), || fails("code and a place, or test and verdict"))?;
            let shown = self.variants.iter().any(|variant| variant.beliefs.contains(name));
            ensure(shown, || fails("no wrong answer has this belief"))?;
            let (en, zh) = (belief.en.trim(), belief.zh.trim());
            ensure(en.lines().count() == 2 && zh.lines().count() == 2, || fails("two lines each"))?;
            ensure(is_chinese(zh) && !is_chinese(en), || fails("the languages"))?;
            let (chapter, id) =
                belief.section.split_once('#').ok_or_else(|| fails("no section"))?;
            for edition in ["zh", "en"] {
                let page = cargo::root().join(format!("src/{edition}/{chapter}.md"));
                let id = format!("{{#{id}}}");
                ensure(read(&page).contains(&id), || fails(&format!("{edition}: no {id}")))?;
            }
        }
        Ok(())
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
        let line = source.lines().nth(1).and_then(|line| line.strip_prefix("// belief: "));
        let said_by_test = line == Some("said");
        let beliefs = line.filter(|_| !said_by_test).into_iter();
        let beliefs = beliefs.flat_map(|line| line.split(", ")).map(str::to_owned).collect();
        let (name, package) = (name.to_owned(), format!("{exercise}--{name}"));
        Self { name, package, kind, beliefs, said_by_test, source }
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

/// A source with further statements at the beginning of every function.
fn in_every_function(source: &str, statements: &str) -> String {
    let mut inside = false;
    let mut lines = String::new();
    for line in source.lines() {
        lines.extend([line, "\n"]);
        let line = line.trim();
        inside |= line.contains("fn ") && !line.starts_with("//");
        inside &= !line.ends_with(';');
        if inside && line.ends_with('{') {
            lines.push_str(statements);
            inside = false;
        }
    }
    lines
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('一'..='鿿').contains(&c))
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
