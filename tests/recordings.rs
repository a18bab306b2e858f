//! Every program recorded anew, beside its recording in `recordings/`; and the
//! recorded lines beside those of the real run. (A module of the command's
//! tests, like `examples`.)

#[path = "../crates/recording/tests/pictures/mod.rs"]
mod pictures;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use changes::Change;
use project::{Project, RECORDINGS};
use recording::compare;
use recording::file::Recording;
use recording::model::{Ending, On, Trace, Wait};

mod says_what_the_program_does {
    workbook_tests::each_program!(super::says_what_the_program_does);
}

mod says_what_its_changes_do {
    workbook_tests::each_program!(super::says_what_its_changes_do);
}

mod has_the_lines_of_the_real_run {
    workbook_tests::each_program!(super::has_the_lines_of_the_real_run);
}

static PROJECT: LazyLock<Project> = LazyLock::new(|| Project::find().expect("the project is here"));

/// What each program does now, or why that is not known.
static ANEW: LazyLock<BTreeMap<String, Result<Trace, String>>> = LazyLock::new(|| {
    let names = PROJECT.programs().expect("the programs are listed");
    let programs: Vec<_> = names.iter().map(|name| snapshots::program(&PROJECT, name)).collect();
    let outcomes = snapshots::record_all(&PROJECT, &programs);
    let outcomes = outcomes.unwrap_or_else(|error| panic!("{error:#}"));
    let trace = |(name, outcome): (String, _)| {
        let recording = snapshots::whole(&name, outcome);
        (name, recording.map(|it| it.trace).map_err(|error| format!("{error:#}")))
    };
    names.into_iter().zip(outcomes).map(trace).collect()
});

/// What each program does now that a page's change makes of it, or why that is not known.
static CHANGED: LazyLock<Vec<(Change, Result<Recording, String>)>> = LazyLock::new(|| {
    let names = PROJECT.programs().expect("the programs are listed");
    let changes: Vec<Change> = names
        .iter()
        .flat_map(|name| changes::of(&PROJECT, name).unwrap_or_else(|error| panic!("{error:#}")))
        .collect();
    let outcomes = snapshots::changed::record_changes(&PROJECT, &changes, 2);
    let outcomes = outcomes.unwrap_or_else(|error| panic!("{error:#}"));
    let told = outcomes.into_iter().map(|it| it.map_err(|error| format!("{error:#}")));
    changes.into_iter().zip(told).collect()
});

fn recorded(name: &str) -> std::sync::Arc<book::recordings::Read> {
    book::recordings::trace(&PROJECT, name).unwrap_or_else(|error| panic!("{error:#}"))
}

/// Exactly on the paused clock; on the real one, at the grain that every run has
/// in common.
fn says_what_the_program_does(name: &str) {
    let new = ANEW[name].as_ref().unwrap_or_else(|error| panic!("{error}"));
    if let Some(diff) = compare::difference(&recorded(name), new) {
        panic!("recordings/{name}.json is another (`cargo run -- record {name}`):\n{diff}");
    }
}

/// Every change that a page proposes does what its recording says.
fn says_what_its_changes_do(name: &str) {
    for (change, new) in CHANGED.iter().filter(|(change, _)| change.program == name) {
        let id = &change.id;
        let new = new.as_ref().unwrap_or_else(|error| panic!("{name}, {id}: {error}"));
        let path = PROJECT.changed_recording(name, id);
        let old = std::fs::read_to_string(&path).unwrap_or_default();
        let old = Recording::parse(&old);
        let command = format!("`cargo run -- record {name}`");
        let old = old.unwrap_or_else(|error| panic!("{}: {error} ({command})", path.display()));
        if let Some(diff) = snapshots::changed::difference(&old, new) {
            panic!("recordings/{name}/{id}.json is another ({command}):\n{diff}");
        }
    }
}

/// What the real process printed on the real clock (`examples`).
fn has_the_lines_of_the_real_run(name: &str) {
    let trace = recorded(name);
    let file = PROJECT.root.join(format!("tests/snapshots/{name}.snap"));
    let snapshot = std::fs::read_to_string(&file).expect("it has a snapshot");
    let stdout = snapshot
        .split_once("----- stdout -----\n")
        .and_then(|(_, rest)| rest.split_once("\n----- stderr -----"));
    let (stdout, _) = stdout.expect("a snapshot of insta-cmd");
    // Exactly, on the real clock too: the page shows this run.
    let recorded: Vec<&str> = trace.lines().collect();
    assert_eq!(recorded, stdout.lines().collect::<Vec<_>>());
}

#[test]
fn no_words_of_a_picture_overlap() {
    for name in PROJECT.programs().expect("the programs are listed") {
        pictures::expect_clear(&recorded(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn no_recording_is_left_over() {
    let names = PROJECT.programs().expect("the programs are listed");
    let files = PROJECT.root.join(RECORDINGS).read_dir().expect("they are there");
    for path in files.map(|entry| entry.expect("a file").path()) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        assert!(names.iter().any(|name| *name == stem), "{}", path.display());
        if !path.is_dir() {
            continue;
        }
        let changes = changes::of(&PROJECT, &stem).expect("its changes");
        for path in path.read_dir().expect("a folder").map(|entry| entry.expect("a file").path()) {
            let id = path.file_stem().unwrap_or_default().to_string_lossy();
            assert!(changes.iter().any(|change| change.id == id), "{}", path.display());
        }
    }
}

/// One event a line, and nothing of this machine.
#[test]
fn a_recording_reads_well_in_a_diff() {
    let home = std::env::var("HOME").unwrap_or_else(|_| "/root".into());
    let names = PROJECT.programs().expect("the programs are listed");
    let changed = names.iter().flat_map(|name| {
        let changes = changes::of(&PROJECT, name).expect("its changes").into_iter();
        changes.map(|it| PROJECT.changed_recording(&it.program, &it.id))
    });
    for path in names.iter().map(|name| PROJECT.recording(name)).chain(changed) {
        let text = std::fs::read_to_string(&path).expect("it is there");
        let name = path.display();
        assert!(text.lines().all(|line| line.matches("\"at\":").count() <= 1), "{name}");
        let root = PROJECT.root.to_string_lossy().into_owned();
        for place in [&home, &root] {
            assert!(place == "/" || !text.contains(place.as_str()), "{name} names {place}");
        }
    }
}

/// The chapter's picture shows a timer that waits for the thread.
#[test]
fn blocking_shows_a_late_timer() {
    let trace = recorded("blocking");
    let first = trace.waits.iter().find(|wait| matches!(wait.on, On::Sleep { .. }));
    let late = first.and_then(Wait::late);
    assert!(late.is_some_and(|late| late >= 500_000), "late by {late:?}");
}

/// These programs wait for a server alone. What the HTTP client waits for by
/// turns (a socket, a timer, a oneshot of its own task) is its own affair.
#[test]
fn a_librarys_inner_waits_are_no_waits_of_the_program() {
    for name in ["http_get", "sequential_downloads", "image_downloads", "web_crawler"] {
        let inside = |wait: &&Wait| matches!(wait.on, On::Oneshot | On::Wake);
        assert_eq!(recorded(name).waits.iter().find(inside), None, "{name}");
    }
}

/// A page asks for this sentence by failing.
#[test]
fn a_changed_program_names_the_command_to_run() {
    let book = tempfile::tempdir().expect("a folder");
    let project = Project { root: book.path().to_owned() };
    let copy = |from: &str| {
        let to = book.path().join(from);
        std::fs::create_dir_all(to.parent().unwrap_or(Path::new("."))).expect("a folder");
        std::fs::copy(PROJECT.root.join(from), &to).expect("a file");
    };
    copy("Cargo.toml");
    copy("examples/gather.rs");
    let said = |project: &Project| {
        book::recordings::trace(project, "gather").map(drop).map_err(|error| format!("{error:#}"))
    };
    let command = "cargo run -- record gather";
    assert!(said(&project).is_err_and(|said| said.contains(command)), "none is there");
    copy("recordings/gather.json");
    assert!(said(&project).is_ok());
    std::fs::write(book.path().join("examples/gather.rs"), "fn main() {}\n").expect("a file");
    let changed = said(&project).expect_err("the text is another");
    assert!(changed.contains(command) && changed.contains("examples/gather.rs"), "{changed}");
    std::fs::write(book.path().join("recordings/gather.json"), "{bad").expect("a file");
    assert!(said(&project).is_err_and(|said| said.contains(command)), "it is damaged");
}

/// What lies under `target/` can be made again, whatever happened to it.
#[test]
fn a_damaged_executable_is_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("damaged.rs");
    std::fs::write(&path, "fn main() { println!(\"whole\") }\n").expect("a file");
    let program = record::Program {
        name: "damaged_executable".into(),
        file: "damaged.rs".into(),
        path,
        text: None,
        clock: None,
        libraries: record::Stand::Light,
    };
    let lines = || {
        let mut outcomes = snapshots::record_all(&PROJECT, std::slice::from_ref(&program));
        let outcomes = outcomes.as_mut().unwrap_or_else(|error| panic!("{error:#}"));
        let recording = outcomes.remove(0).unwrap_or_else(|error| panic!("{error}"));
        recording.trace.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lines(), ["whole"]);
    let programs = snapshots::target(&PROJECT).join("programs");
    let kept = |path: &std::path::PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("damaged_executable-"))
    };
    let files =
        programs.read_dir().expect("it is there").map(|entry| entry.expect("a file").path());
    let kept: Vec<_> = files.filter(kept).collect();
    assert_eq!(kept.len(), 1);
    for damage in [&b"{bad"[..], b""] {
        std::fs::write(&kept[0], damage).expect("a file");
        assert_eq!(lines(), ["whole"]);
    }
    std::fs::remove_file(&kept[0]).expect("a file");
    std::fs::create_dir(&kept[0]).expect("a folder");
    assert_eq!(lines(), ["whole"]);
    std::fs::remove_file(&kept[0]).expect("a file");
}

/// The changed programs without the recorder, on the real clock: the same lines, the same
/// end, the same errors of rustc's.
#[test]
#[ignore = "waits as long as the programs do"]
fn changed_programs_really_do_what_is_recorded() {
    let names = PROJECT.programs().expect("the programs are listed");
    let changes = names.iter().flat_map(|name| changes::of(&PROJECT, name).expect("its changes"));
    let left = std::sync::Mutex::new(changes.collect::<Vec<_>>());
    let problems = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(change) = { left.lock().expect("nobody panics with it").pop() } {
                    if let Err(problem) = really_does_what_is_recorded(&change) {
                        let problem = format!("{}, {}: {problem}", change.program, change.id);
                        problems.lock().expect("nobody panics with it").push(problem);
                    }
                }
            });
        }
    });
    let problems = problems.into_inner().expect("nobody panics with it");
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

fn really_does_what_is_recorded(change: &Change) -> Result<(), String> {
    use programs::compile::CompileError;
    let name = &change.program;
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let text = std::fs::read_to_string(PROJECT.program(name)).map_err(|error| said(&error))?;
    let text = change.apply(&text).map_err(|error| said(&error))?;
    let file = std::fs::read_to_string(PROJECT.changed_recording(name, &change.id));
    let recording = Recording::parse(&file.map_err(|error| said(&error))?);
    let Recording { trace, orders, .. } = recording.map_err(|error| said(&error))?;

    let executable = match programs::compile::made(&PROJECT, name, Some(&text), |_| ()) {
        Ok(made) => made.executable,
        Err(CompileError::DoesNotCompile(found)) => {
            let codes: Vec<&str> =
                found.iter().filter(|one| one.is_error()).map(|one| one.code()).collect();
            return match &trace.ending {
                Ending::DoesNotCompile { errors }
                    if errors.iter().map(|error| error.code.as_str()).eq(codes.iter().copied()) =>
                {
                    Ok(())
                }
                other => Err(format!("it does not compile ({codes:?}), recorded is {other:?}")),
            };
        }
        Err(error) => return Err(said(&error)),
    };
    let folder = tempfile::tempdir().map_err(|error| said(&error))?;
    let output = folder.path().join("output");
    let stdout = std::fs::File::create(&output).map_err(|error| said(&error))?;
    let mut child = std::process::Command::new(executable)
        .current_dir(folder.path())
        .env("DATABASE_URL", "sqlite:users.db?mode=rwc")
        .env("WB_LANG", "en")
        .stdin(std::process::Stdio::null())
        .stdout(stdout)
        .stderr(std::process::Stdio::null())
        .spawn()
        .map_err(|error| said(&error))?;
    // One that never ends is watched for as long as its recording, and a little more.
    let is_endless = matches!(trace.ending, Ending::Stuck | Ending::Cut { .. });
    let limit =
        Duration::from_micros(trace.end) + Duration::from_secs(if is_endless { 2 } else { 30 });
    let start = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|error| said(&error))? {
            Some(status) => break Some(status),
            None if start.elapsed() > limit => break None,
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    let _ = child.kill();
    let _ = child.wait();
    let printed = std::fs::read_to_string(&output).map_err(|error| said(&error))?;
    let mut lines: Vec<&str> = printed.lines().collect();
    let mut recorded: Vec<&str> = trace.lines().collect();
    if !orders.is_empty() {
        return match orders.iter().any(|order| order.len() == lines.len()) {
            true => Ok(()),
            false => Err(format!("it printed {lines:#?}")),
        };
    }
    if recording::layout::order_is_free(&trace) {
        lines.sort_unstable();
        recorded.sort_unstable();
    }
    if lines != recorded {
        return Err(format!("it printed {lines:#?}, recorded is {recorded:#?}"));
    }
    let ends = match &trace.ending {
        Ending::Returned => status.is_some_and(|status| status.success()),
        Ending::Stuck | Ending::Cut { .. } => status.is_none(),
        Ending::Panicked { .. } => status.and_then(|status| status.code()) == Some(101),
        _ => status.is_some_and(|status| !status.success()),
    };
    if ends {
        Ok(())
    } else {
        Err(format!("it ended as {status:?}, recorded is {:?}", trace.ending))
    }
}
