//! `trace` on programs that the book knows nothing of: files, packages, hangs.

use std::process::{Command, Output};

use grading::Verdict;
use recording::model::{Ending, Stuck, Trace, Traces, Why};
use recording::words::Locale;
use tempfile::TempDir;

use crate::support::{WORKBOOK, entries, workspace};

fn trace(language: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(WORKBOOK);
    command.current_dir(workspace()).env("WB_LANG", language).arg("trace").args(arguments);
    command.output().expect("the command starts")
}

fn shown(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// A file in a folder of its own.
fn file(name: &str, text: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("a file");
    let path = path.to_str().expect("a plain path").to_owned();
    (folder, path)
}

const HANGS: &str = "use tokio::sync::Mutex;

#[tokio::main(flavor = \"current_thread\")]
async fn main() {
    let purse = Mutex::new(0);
    let _first = purse.lock().await;
    println!(\"one\");
    purse.lock().await;
}
";

#[test]
fn a_file_that_hangs_says_why_in_both_languages() {
    let (_folder, path) = file("hangs 1.rs", HANGS);
    let output = trace("en", &[&path]);
    assert!(output.status.success(), "{output:?}");
    let (stdout, stderr) = shown(&output);
    assert!(
        stdout.contains("main waits for `purse` (line 8), held by itself since line 6."),
        "{stdout}"
    );
    assert!(stdout.contains("lock ∞"), "{stdout}");
    assert!(stderr.contains("Recorded on the paused clock"), "{stderr}");
    let (stdout, _) = shown(&trace("zh", &[&path]));
    assert!(stdout.contains("持有它的就是 main 自己（第 6 行起）"), "{stdout}");
}

/// What rustc takes is taken: a program is its own crate root.
#[test]
fn a_program_of_any_shape_is_traced() {
    let text = "#!/usr/bin/env run\n/* by us */\n//! A program.\n#![allow(dead_code)]\n\nextern crate tokio;\n\n\
                mod inner {\n    pub(in crate::inner) fn run() {}\n    pub fn go() {\n        crate::inner::run()\n    }\n}\n\n\
                fn run() {}\n\n#[::tokio::main(flavor = \"current_thread\")]\nasync fn main() {\n    run();\n    \
                crate::inner::go();\n    std::println!(\"one\");\n    println!(\"two\");\n    std::println!(\"three\");\n}\n";
    for name in ["fn.rs", "1-2.rs", "main.rs", "测试.rs"] {
        let (_folder, path) = file(name, text);
        let (stdout, stderr) = shown(&trace("en", &[&path]));
        let lines: Vec<&str> =
            stdout.lines().filter_map(|line| line.rsplit("0 s  ").next()).collect();
        let from = lines
            .iter()
            .position(|line| *line == "one")
            .unwrap_or_else(|| panic!("{stdout}{stderr}"));
        assert_eq!(lines[from..from + 3], ["one", "two", "three"], "{stdout}");
    }
}

#[test]
fn a_circle_is_named_while_others_live_on() {
    let text = "use std::time::Duration;\nuse tokio::sync::Mutex;\n\n\
                #[tokio::main(flavor = \"current_thread\")]\nasync fn main() {\n    \
                tokio::spawn(async {\n        let mut beat = tokio::time::interval(Duration::from_secs(1));\n        \
                loop {\n            beat.tick().await;\n        }\n    });\n    \
                let lock = Mutex::new(());\n    let _guard = lock.lock().await;\n    lock.lock().await;\n}\n";
    let (_folder, path) = file("beats.rs", text);
    let (stdout, _) = shown(&trace("en", &[&path]));
    let stdout = stdout.replace('\n', " ");
    assert!(stdout.contains("other tasks go on, but some never will"), "{stdout}");
    assert!(
        stdout.contains("main waits for `lock` (line 14), held by itself since line 13."),
        "{stdout}"
    );
}

#[test]
fn a_clock_that_would_stand_still_is_not_paused() {
    let text = "use tokio::time::{Duration, Instant};\n\n#[tokio::main(flavor = \"current_thread\")]\nasync fn main() {\n    \
                let start = Instant::now();\n    while start.elapsed() < Duration::from_millis(20) {\n        \
                tokio::task::yield_now().await;\n    }\n    println!(\"done\");\n}\n";
    let (_folder, path) = file("spins.rs", text);
    let (_, stderr) = shown(&trace("en", &[&path]));
    assert!(stderr.contains("Recorded on the real clock: its tasks never all wait"), "{stderr}");
}

#[test]
fn the_recording_itself_names_the_hang() {
    let (_folder, path) = file("hangs.rs", HANGS);
    let (stdout, _) = shown(&trace("en", &[&path, "--json"]));
    let traces: Traces = serde_json::from_str(&stdout).expect("a recording");
    let [trace] = traces.traces.as_slice() else { panic!("{stdout}") };
    assert_eq!(trace.ending, Ending::Stuck);
    let [Stuck { task: 0, why: Why::Held { by }, .. }] = trace.stuck.as_slice() else {
        panic!("{:?}", trace.stuck)
    };
    assert_eq!(by[0].line, Some(6));
}

#[test]
fn the_clock_is_chosen_and_overruled() {
    let program = "#[tokio::main(flavor = \"current_thread\")]\nasync fn main() {\n    \
                   tokio::time::sleep(std::time::Duration::from_millis(60)).await;\n}\n";
    let (_folder, path) = file("waits.rs", program);
    let (stdout, stderr) = shown(&trace("en", &[&path]));
    assert!(
        stdout.contains("paused clock") && stderr.contains("`--clock real` overrules"),
        "{stderr}"
    );
    let (stdout, stderr) = shown(&trace("en", &[&path, "--clock", "real"]));
    assert!(stdout.contains("real clock") && stdout.contains("sleep 60 ms"), "{stdout}");
    assert!(!stderr.contains("overrules"), "{stderr}");
    let (_folder, path) = file("listens.rs", &format!("use tokio::net as _;\n{program}"));
    let (_, stderr) = shown(&trace("en", &[&path]));
    assert!(stderr.contains("Recorded on the real clock: it opens sockets"), "{stderr}");
}

/// A package whose code lies in several files and that hands tokio's own types on.
fn package() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |file: &str, text: &str| {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().expect("above")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    write(
        "Cargo.toml",
        "[package]\nname = \"two-bins\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\n\
         tokio = { version = \"1\", features = [\"rt\", \"macros\", \"time\", \"sync\"] }\n",
    );
    write(
        "src/bin/asks.rs",
        "//! Asks.\n#![forbid(unsafe_code)]\n\n#[path = \"../answers/mod.rs\"]\nmod answers;\n\n\
         #[tokio::main(flavor = \"current_thread\")]\nasync fn main() {\n    \
         let name = std::env::args().nth(1).unwrap_or_default();\n    println!(\"{name} asks\");\n    \
         answers::answer().await;\n}\n",
    );
    write(
        "src/answers/mod.rs",
        "use tokio::sync::oneshot;\n\npub async fn answer() {\n    let (keep, answer) = oneshot::channel::<u8>();\n    \
         println!(\"waits\");\n    let _ = answer.await;\n    drop(keep);\n}\n",
    );
    write("src/bin/other.rs", "fn main() {}\n");
    folder
}

#[test]
#[ignore = "compiles a tokio of its own"]
fn a_package_is_traced_from_outside() {
    let folder = package();
    let path = folder.path().to_str().expect("a plain path");
    let before = entries(folder.path());
    let output = trace("en", &[path]);
    assert_eq!(output.status.code(), Some(1));
    let (_, stderr) = shown(&output);
    assert!(stderr.contains("choose one with --bin: asks, other"), "{stderr}");

    let (stdout, stderr) = shown(&trace("en", &[path, "--bin", "asks", "--", "Ann"]));
    assert!(stdout.contains("Ann asks"), "{stdout}{stderr}");
    let place = "main waits for the value of `answer` (in `answer`, src/answers/mod.rs, line 6)";
    assert!(stdout.replace('\n', " ").contains(place), "{stdout}");
    assert_eq!(entries(folder.path()), before, "nothing is written into the package's folder");
}

#[test]
fn a_page_that_stands_alone() {
    let (folder, path) = file("hangs.rs", HANGS);
    let page = folder.path().join("page.html");
    let written = trace("en", &[&path, "--html", page.to_str().expect("a plain path")]);
    assert!(written.status.success(), "{written:?}");
    let page = std::fs::read_to_string(&page).expect("the page");
    for part in
        ["<wb-timeline", "held by itself since line 6", "let purse = Mutex::new(0);", "lock ∞"]
    {
        assert!(page.contains(part), "{part}");
    }
    for asks in ["src=", "href=", "@import", "url(http"] {
        assert!(!page.contains(asks), "it asks nobody for anything: {asks}");
    }
}

#[test]
fn what_cannot_be_traced_is_said_in_a_sentence() {
    let said = |arguments: &[&str]| {
        let output = trace("en", arguments);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        shown(&output).1
    };
    assert!(said(&["nowhere/at_all.rs"]).contains("There is no file nowhere/at_all.rs"));
    assert!(said(&["gather", "--bin", "x"]).contains("gather is no package"));
    let (folder, path) = file("broken.rs", "fn main() {\n");
    assert!(said(&[&path]).contains("does not compile"));
    let folder = folder.path().to_str().expect("a plain path");
    assert!(said(&[folder]).contains("has no Cargo.toml"));
}

/// The verdict on an exercise and the end of a program have the same names.
#[test]
fn an_end_has_one_name() {
    let trace = |ending, stuck| Trace { ending, stuck, ..empty() };
    let blocked = Why::Blocked { line: None, by: recording::model::Blocker::StdLock };
    let busy = Why::Busy { line: None };
    let of = |why| vec![Stuck { task: 0, wait: None, name: None, why }];
    let limit = recording::model::Limit::Seconds(10);
    let ends = [
        (Verdict::Deadlock, trace(Ending::Stuck, of(Why::NoWaker))),
        (Verdict::Blocked, trace(Ending::Stuck, of(blocked))),
        (Verdict::Hung, trace(Ending::Cut { limit }, of(busy))),
        (Verdict::EarlyExit, trace(Ending::Exited { code: Some(1) }, Vec::new())),
        (Verdict::EarlyExit, trace(Ending::Aborted, Vec::new())),
        (Verdict::Panic, trace(Ending::Panicked { message: String::new() }, Vec::new())),
        (Verdict::StackOverflow, trace(Ending::Overflowed, Vec::new())),
        (Verdict::OutOfMemory, trace(Ending::OutOfMemory, Vec::new())),
    ];
    for (verdict, trace) in ends {
        let name = verdict.name();
        for (locale, name) in [(Locale::En, &name.en), (Locale::Zh, &name.zh)] {
            let said = locale.ending(&trace).expect("it did not end well");
            let own = said.split([':', '：']).next().unwrap_or_default();
            assert_eq!(own, name, "{said}");
        }
    }
}

fn empty() -> Trace {
    let trace = std::fs::read_to_string(workspace().join("recordings/hello_world.json"));
    let recording = recording::file::Recording::parse(&trace.expect("it is there"));
    recording.expect("a recording").trace
}

/// Nobody's file is touched by what is written beside it.
#[test]
fn a_page_over_a_folder_is_refused() {
    let (folder, path) = file("hangs.rs", HANGS);
    let inside = folder.path().join("mine");
    std::fs::create_dir(&inside).expect("a folder");
    std::fs::write(inside.join("thesis.tex"), "years of work").expect("a file");
    let output = trace("en", &[&path, "--html", inside.to_str().expect("a plain path")]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(entries(&inside), ["thesis.tex"]);
    // Least of all the program.
    let (_, said) = shown(&trace("en", &[&path, "--html", &path]));
    assert!(said.contains("holds something else and is left alone"), "{said}");
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), HANGS);
}
