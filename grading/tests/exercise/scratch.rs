//! The scratch workspace: a package for every variant of every exercise.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
    thread,
};

use grading::report::Entry;
use toml::{Table, Value};

use super::{Exercise, Outcome, Outcomes, Variant, entries, read};
use crate::cargo::{self, Package};

/// Compiles and runs every variant.
pub fn run(exercises: &[Exercise]) -> Outcomes {
    let scratch = cargo::target().join("exercises");
    write(exercises, &scratch);
    let manifest = scratch.join("Cargo.toml");
    let manifest = manifest.to_string_lossy();
    let packages = cargo::build(&["--tests", "--workspace", "--manifest-path", &manifest]);

    let queue = Mutex::new(packages.into_iter());
    let outcomes = Mutex::new(Outcomes::new());
    let next = || queue.lock().ok()?.next();
    let workers = thread::available_parallelism().map_or(1, |count| count.get());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((name, package)) = next() {
                    let report = scratch.join(format!("{name}.jsonl"));
                    let outcome = grade(package, &report);
                    outcomes.lock().expect("no worker panics").insert(name, outcome);
                }
            });
        }
    });
    outcomes.into_inner().expect("no worker panics")
}

fn grade(package: Package, report: &Path) -> Outcome {
    let entries = match &package.test {
        Some(test) => entries_of(test, report),
        None => Vec::new(),
    };
    Outcome {
        warnings: package.warnings.concat(),
        errors: package.errors.concat(),
        test: package.test,
        entries,
    }
}

/// Runs a test binary for its report.
pub fn entries_of(test: &Path, report: &Path) -> Vec<Entry> {
    let _ = fs::remove_file(report);
    // Its exit code and its output are what an answer can reach.
    Command::new(test)
        .env("WB_REPORT", report)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the test runs");
    let lines = read(report);
    let _ = fs::remove_file(report);
    lines.lines().map(|line| serde_json::from_str(line).expect("a line is an entry")).collect()
}

/// Writes the workspace, and leaves alone what is right already: cargo goes
/// by the times of the files.
fn write(exercises: &[Exercise], scratch: &Path) {
    let mut members = Vec::new();
    for exercise in exercises {
        for variant in &exercise.variants {
            write_variant(exercise, variant, &scratch.join(&variant.package));
            members.push(variant.package.clone());
        }
    }
    for path in entries(scratch) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !members.iter().any(|member| *member == name) {
            fs::remove_dir_all(&path).expect("an old variant can go");
        }
    }

    let root = cargo::root();
    let mut manifest = table(&root.join("Cargo.toml"));
    manifest.retain(|key, _| key == "workspace" || key == "profile");
    let workspace = manifest["workspace"].as_table_mut().expect("a workspace");
    workspace.remove("default-members");
    workspace.insert("members".into(), members.into());
    let grading = root.join("grading").to_string_lossy().into_owned();
    workspace["dependencies"]["grading"]["path"] = Value::String(grading);
    // Many binaries that are run and never debugged: the smaller, the faster.
    let dev = manifest["profile"]["dev"].as_table_mut().expect("a profile");
    dev.insert("debug".into(), false.into());
    dev.insert("incremental".into(), false.into());
    dev.insert("strip".into(), "symbols".into());
    put(&scratch.join("Cargo.toml"), &manifest.to_string());
    // cargo takes the packages that are new off the one lock file.
    fs::copy(root.join("Cargo.lock"), scratch.join("Cargo.lock")).expect("a lock file");
}

fn write_variant(exercise: &Exercise, variant: &Variant, directory: &Path) {
    let mut manifest = table(&exercise.directory.join("Cargo.toml"));
    manifest["package"]["name"] = Value::String(variant.package.clone());
    let lib = manifest["lib"].as_table_mut().expect("a [lib]");
    lib.insert("name".into(), exercise.name.clone().into());
    let test: PathBuf = ["tests", &format!("{}.rs", exercise.name)].iter().collect();
    put(&directory.join("Cargo.toml"), &manifest.to_string());
    put(&directory.join("src/lib.rs"), &variant.source);
    put(&directory.join(&test), &read(&exercise.directory.join(&test)));
}

fn table(path: &Path) -> Table {
    let table = read(path).parse();
    table.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn put(path: &Path, content: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == content) {
        return;
    }
    let parent = path.parent().expect("a file has a parent");
    fs::create_dir_all(parent).expect("a directory can be made");
    fs::write(path, content).expect("a file can be written");
}
