//! The checks that hold the names together: one name, one chapter in both
//! editions, one program, one twin, one snapshot, one row of the tutorials.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use book::asyncio::Names;
use book::tutorials::{Runs, Tutorials};
use book::{editions, lint};
use exercises::damage;
use project::{EDITIONS, Project};
use regex::Regex;

/// Pages that are not chapters.
const OTHER_PAGES: [&str; 5] = ["preface", "glossary", "teaching", "trace", "tutorials"];

/// The anatomy of a chapter: its sections, and what is generated in each.
const SECTIONS: [&str; 6] = ["code", "predict", "run", "investigate", "modify", "make"];
const PARTS: [&str; 6] = ["pair", "predict", "output", "timeline", "exercise", "source"];

fn project() -> Project {
    Project::find().expect("the project is here")
}

fn tutorials(project: &Project) -> std::sync::Arc<Tutorials> {
    Tutorials::read(project).expect("the data file is well-formed")
}

fn is_other_page(name: &str) -> bool {
    OTHER_PAGES.contains(&name) || name.starts_with("part_")
}

fn expect_none(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn pages_are_well_formed() {
    let problems = lint::problems(&project()).expect("the pages are readable");
    expect_none(problems.iter().map(lint::Problem::to_string).collect());
}

#[test]
fn editions_say_the_same() {
    expect_none(editions::problems(&project()).expect("the pages are readable"));
}

/// What has one part has all: nothing is missing and nothing is left over.
#[test]
fn every_name_is_whole() {
    let project = project();
    let known: BTreeSet<String> =
        tutorials(&project).chapters().into_iter().map(str::to_owned).collect();
    let mut problems = Vec::new();
    let mut begun = BTreeSet::new();
    for (folder, ending) in [
        ("src/zh", "md"),
        ("src/en", "md"),
        ("examples", "rs"),
        ("examples", "py"),
        ("examples/applications", "rs"),
        ("examples/applications", "py"),
        ("tests/snapshots", "snap"),
        ("recordings", "json"),
    ] {
        for name in names(&project.root.join(folder), ending) {
            if ending == "md" && (name == "SUMMARY" || is_other_page(&name)) {
                continue;
            }
            // Beside the book's programs, a reader may have put one of their own.
            if folder == "examples" && !known.contains(&name) {
                continue;
            }
            if !known.contains(&name) {
                problems.push(format!(
                    "{folder}/{name}.{ending}: no row of src/tutorials.toml names it"
                ));
            }
            begun.insert(name);
        }
    }
    for name in project.exercises().expect("the exercises are readable") {
        if !known.contains(&name) {
            problems.push(format!("exercises/{name}: no row of src/tutorials.toml names it"));
        }
        // A reader's book opens all the same.
        let damage = damage::of(&project.root, &name, &damage::all(&name));
        problems.extend(damage.map(|damage| damage.to_string()));
        begun.insert(name);
    }
    let listed = project.programs().expect("the manifests name them");
    for name in begun.intersection(&known) {
        if !listed.contains(name) {
            problems.push(format!("{name}: no [[example]] of Cargo.toml names it"));
        }
        let chapters = EDITIONS.map(|edition| project.sources(edition).join(format!("{name}.md")));
        let snapshot = project.root.join(format!("tests/snapshots/{name}.snap"));
        let recording = project.recording(name);
        let parts = chapters.into_iter().chain([
            project.program(name),
            project.twin(name),
            snapshot,
            recording,
        ]);
        for part in parts.filter(|part| !part.is_file()) {
            let part = part.strip_prefix(&project.root).unwrap_or(&part).display().to_string();
            problems.push(format!("{name}: {part} is missing"));
        }
    }
    expect_none(problems);
}

#[test]
fn every_chapter_has_its_anatomy() {
    let project = project();
    let mut problems = Vec::new();
    for edition in EDITIONS {
        for (name, page) in lint::pages(&project, edition).expect("the pages are readable") {
            if name == "SUMMARY" || is_other_page(&name) {
                continue;
            }
            let at = format!("src/{}/{name}.md", edition.folder);
            let ids: Vec<String> = page.sections().into_iter().map(|(id, _)| id).collect();
            let mut expected = vec![name.clone()];
            expected.extend(SECTIONS.map(str::to_owned));
            if ids != expected {
                problems.push(format!("{at}: its sections are {ids:?}, expected {expected:?}"));
            }
            let mut from = 0;
            for part in PARTS {
                let directive = format!("<!-- cmdrun workbook page {part} {name} ");
                match page.source[from..].find(&directive) {
                    Some(found) => from += found,
                    None => {
                        problems.push(format!("{at}: {directive}--> is missing or out of order"))
                    }
                }
            }
            for part in ["wb-minutes", "wb-teacher", "wb-modify"] {
                if !page.source.contains(&format!("class=\"{part}\"")) {
                    problems.push(format!("{at}: nothing of class {part}"));
                }
            }
        }
    }
    expect_none(problems);
}

/// A page's output is never typed in: a fence is Rust (compiled as a doctest),
/// a command, or filled by an include or by cmdrun.
#[test]
fn every_fence_is_checked() {
    let project = project();
    let mut problems = Vec::new();
    for edition in EDITIONS {
        for page in lint::pages(&project, edition).expect("the pages are readable").values() {
            for (info, range) in &page.fences {
                let text = &page.source[range.clone()];
                let filled = text.contains("{{#include") || text.contains("<!-- cmdrun");
                let language = info.split([',', ' ']).next().unwrap_or_default();
                let plain_error = info.contains("compile_fail") && !info.contains(",E0");
                if plain_error
                    || info.contains("ignore")
                    || !(filled || matches!(language, "rust" | "sh"))
                {
                    let line = page.line(range.start);
                    problems.push(format!(
                        "src/{}/{}.md:{line}: a fence {info:?} that nothing checks",
                        edition.folder, page.name
                    ));
                }
            }
        }
    }
    expect_none(problems);
}

/// Two listings stand side by side: at most 50 columns each.
#[test]
fn listings_fit_their_column() {
    let project = project();
    let mut problems = Vec::new();
    for name in project.programs().expect("the examples are readable") {
        for path in [project.program(&name), project.twin(&name)] {
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            for (number, line) in text.lines().enumerate() {
                let width: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
                if width > 50 {
                    let file = path.strip_prefix(&project.root).unwrap_or(&path);
                    problems.push(format!("{}:{}: {width} columns", file.display(), number + 1));
                }
            }
        }
    }
    expect_none(problems);
}

/// The rules of deterministic examples that can be read off the source.
#[test]
fn programs_keep_the_rules_of_order() {
    let project = project();
    let unbiased = Regex::new(r"tokio::select!\s*\{\s*[^b\s]").expect("a constant");
    let mut problems = Vec::new();
    for name in project.programs().expect("the examples are readable") {
        let source =
            std::fs::read_to_string(project.program(&name)).expect("a program is readable");
        if unbiased.is_match(&source) {
            problems.push(format!("{name}: a tokio::select! that is not `biased;`"));
        }
        for word in ["watch::", "Barrier", "futures::select!"] {
            if source.contains(word) {
                problems.push(format!("{name}: {word} wakes in no fixed order"));
            }
        }
    }
    expect_none(problems);
}

#[test]
fn tutorials_are_counted_whole() {
    let data = tutorials(&project());
    assert_eq!(data.tutorials.len(), 5);
    assert_eq!(data.chapters().len(), 39, "the curriculum has 39 chapters");
    assert_eq!(data.listings.len(), 33, "the tutorials hold 33 Python listings");
    for section in &data.sections {
        assert!(
            !section.chapters.is_empty()
                || !section.note_zh.is_empty() && !section.note_en.is_empty(),
            "{}: a section without a chapter says why",
            section.zh
        );
    }
    for listing in &data.listings {
        let at = format!("{}.{}", listing.tutorial, listing.number);
        assert!(data.chapters().contains(&listing.chapter.as_str()), "{at}: {}", listing.chapter);
        assert_eq!(listing.runs == Runs::Yes, listing.py311.is_empty(), "{at}: an error says so");
        let explained = !listing.reason_zh.is_empty() && !listing.reason_en.is_empty();
        assert!(explained || listing.runs == Runs::Yes, "{at}: a failure has its reason");
    }
}

/// The table of asyncio's names: each once, with its text in both languages,
/// and chapters that exist.
#[test]
fn asyncio_names_have_whole_rows() {
    let project = project();
    let data = tutorials(&project);
    let chapters = data.chapters();
    let table = Names::read(&project).expect("the data file is well-formed");
    let (mut seen, mut problems) = (BTreeSet::new(), Vec::new());
    for row in table.rows() {
        for name in row.names.iter().filter(|name| !seen.insert(name.as_str())) {
            problems.push(format!("{name}: two rows"));
        }
        if row.zh.is_empty() || row.en.is_empty() {
            problems.push(format!("{:?}: a text is missing", row.names));
        }
        for name in row.chapters.iter().filter(|name| !chapters.contains(&name.as_str())) {
            problems.push(format!("{:?}: there is no chapter {name}", row.names));
        }
    }
    expect_none(problems);
}

/// What the installed Python calls public in asyncio, the methods of its classes
/// too, stands in the table.
#[test]
#[ignore = "needs Python"]
fn asyncio_names_are_counted_whole() {
    let python = std::env::var("WB_PYTHON").unwrap_or_else(|_| "python3".into());
    let output = Command::new(python).args(["-c", PUBLIC_NAMES]).output().expect("Python is here");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = Names::read(&project()).expect("the data file is well-formed");
    let known: BTreeSet<&str> =
        table.rows().flat_map(|row| &row.names).map(String::as_str).collect();
    let printed = String::from_utf8_lossy(&output.stdout);
    let missing = printed.split_whitespace().filter(|name| !known.contains(name));
    expect_none(missing.map(|name| format!("{name}: no row of src/asyncio.toml")).collect());
}

/// A method stands under the class that has it first.
const PUBLIC_NAMES: &str = r#"
import asyncio, warnings
warnings.simplefilter("ignore")
names = set(asyncio.__all__)
classes = [getattr(asyncio, name) for name in asyncio.__all__]
classes = [it for it in classes if isinstance(it, type) and it.__module__.startswith(("asyncio", "_asyncio"))]
classes.append(asyncio.subprocess.Process)
as_their_base = ("BaseEventLoop", "ProactorEventLoop", "AbstractServer", "StreamReaderProtocol")
for it in classes:
    name = it.__name__
    if name.startswith("_") or name in as_their_base or name.endswith("ChildWatcher") or issubclass(it, Exception):
        continue
    names.update(
        ("loop" if it is asyncio.AbstractEventLoop else it.__name__) + "." + name
        for name in vars(it)
        if not name.startswith("_")
    )
print(*sorted(names))
"#;

/// What the examples depend on is compiled with the same features whether or not
/// dev-dependencies take part: a cold `cargo run` compiles tokio once.
#[test]
fn tokio_is_compiled_once() {
    let tree = |edges: &str| {
        let output = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--locked",
                "--prefix",
                "none",
                "--format",
                "{p} | {f}",
                "--edges",
                edges,
            ])
            .current_dir(project().root)
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8_lossy(&output.stdout).replace(" (*)", "");
        text.lines().map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let plain = tree("normal,build");
    let with_dev = tree("normal,build,dev");
    let shared =
        ["tokio", "tokio-macros", "tracing", "tracing-core", "tracing-attributes", "syn", "quote"];
    let of = |tree: &BTreeSet<String>, name: &str| -> Vec<String> {
        let start = format!("{name} v");
        let major = |line: &&String| name != "syn" || !line.starts_with("syn v1.");
        tree.iter().filter(|line| line.starts_with(&start)).filter(major).cloned().collect()
    };
    for name in
        shared.into_iter().chain(["futures", "futures-util", "futures-channel", "bytes", "mio"])
    {
        assert_eq!(of(&plain, name), of(&with_dev, name), "see tests/Cargo.toml, [dependencies]");
    }
}

fn names(folder: &Path, ending: &str) -> Vec<String> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("a folder is readable").path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .map(|path| path.file_stem().expect("a file has a name").to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
