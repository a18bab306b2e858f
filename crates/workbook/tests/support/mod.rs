//! A small book of its own, to break and mend; and the real one, to read.

// Each test file uses a part of this.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use project::Project;
use recording::file::Recording;
use recording::model::{Clock, Ending, Event, Trace, WITHOUT_TOKIO, What};
use tempfile::TempDir;

/// The command under test.
pub const WORKBOOK: &str = env!("CARGO_BIN_EXE_workbook");

/// The scratch project's program. It needs no crate, so that it compiles at once.
const PROGRAM: &str = r#"fn main() {
    println!("Hello");
    std::thread::sleep(std::time::Duration::from_millis(200));
    println!("World");
}
"#;

/// A scratch project: two pages in each edition and one program.
pub struct Scratch {
    folder: TempDir,
}

impl Scratch {
    /// A project that builds.
    pub fn new() -> Scratch {
        let scratch = Scratch { folder: tempfile::tempdir().expect("a temporary folder") };
        let real = workspace();
        for file in ["book.toml", "src/tutorials.toml"] {
            scratch
                .write(file, &fs::read_to_string(real.join(file)).expect("a file of the project"));
        }
        copy(&real.join("theme"), &scratch.path("theme"));
        scratch.write("Cargo.toml", "[package]\nname = \"scratch\"\nedition = \"2024\"\n");
        scratch.write("examples/hello_world.rs", PROGRAM);
        scratch.record("hello_world", PROGRAM, &["Hello", "World"]);
        for (edition, word) in [("zh", "你好"), ("en", "Hello")] {
            scratch.write(
                &format!("src/{edition}/SUMMARY.md"),
                &format!("# {word}\n\n- [{word}](preface.md)\n- [{word}](hello_world.md)\n"),
            );
            scratch.write(
                &format!("src/{edition}/preface.md"),
                &format!("# {word} {{#preface}}\n\nAn [inner link](hello_world.md#run).\n"),
            );
            scratch.write(
                &format!("src/{edition}/hello_world.md"),
                &format!(
                    "# {word} {{#hello_world}}\n\n## {word} {{#run}}\n\n\
                     <!-- cmdrun workbook page output hello_world -->\n"
                ),
            );
        }
        scratch
    }

    /// A path inside the project.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Writes a file and the folders that lead to it.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Writes the recording of a program with this text: it printed these lines,
    /// 0.2 s apart.
    pub fn record(&self, name: &str, program: &str, lines: &[&str]) {
        let print = |(at, text): (u64, &&str)| {
            let what = What::Print { text: (*text).to_owned(), branch: 0 };
            Event { at: at * 200_000, task: None, line: None, what }
        };
        let trace = Trace {
            name: name.to_owned(),
            file: format!("examples/{name}.rs"),
            files: Vec::new(),
            clock: Clock::Real,
            why_real: Some(WITHOUT_TOKIO.to_owned()),
            end: 200_000,
            tasks: Vec::new(),
            omitted: 0,
            waits: Vec::new(),
            events: (0..).zip(lines).map(print).collect(),
            ending: Ending::Returned,
            stuck: Vec::new(),
        };
        let text = Recording::new(program, trace).to_text();
        self.write(&format!("recordings/{name}.json"), &text);
    }

    /// Adds text to the end of a file.
    pub fn append(&self, file: &str, text: &str) {
        let old = fs::read_to_string(self.path(file)).expect("a file");
        self.write(file, &(old + text));
    }

    /// The command, in this project, in English.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(WORKBOOK);
        command.args(arguments).current_dir(self.folder.path()).env("WB_LANG", "en");
        command.env("CARGO_TARGET_DIR", self.path("target"));
        let real = Project { root: workspace().to_owned() };
        command.env("WB_RECORDER_TARGET", snapshots::target(&real));
        command
    }

    /// Runs the command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the command starts")
    }

    /// Runs the command, which must fail with one of the usual exit codes, and
    /// returns what it said.
    pub fn fail(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(1 | 2)), "{:?}\n{said}", output.status);
        said.lines().skip_while(|line| !line.starts_with("error: ")).collect::<Vec<_>>().join("\n")
    }

    /// Starts the command and leaves it running.
    pub fn start(&self, arguments: &[&str]) -> Running {
        let child = self
            .command(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        Running(child)
    }
}

/// The workbook's own folder.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the workspace")
}

/// A copy of the real book, with nothing solved: what a reader does on its pages
/// changes files.
///
/// All copies have one target folder, and cargo takes the packages of two of them for
/// the same. So the exercises, which are not the same for long, have versions of their own.
pub fn copied_book(name: &str) -> PathBuf {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readers").join(name);
    let _ = fs::remove_dir_all(copy.join(".workbook"));
    let parts = [
        ".cargo",
        "Cargo.toml",
        "book.toml",
        "crates",
        "examples",
        "exercises",
        "recordings",
        "src",
        "tests",
        "theme",
    ];
    for part in parts {
        mirror(&workspace().join(part), &copy.join(part));
    }
    let read = |path: PathBuf| fs::read_to_string(path).expect("a file of the project");
    let versioned = |text: &str, old: &str| {
        let version = name.replace('_', "-");
        text.replace(old, &format!("\nversion = \"0.1.0-{version}\"\n"))
    };
    let exercises = entries(&copy.join("exercises"));
    let lock = read(workspace().join("Cargo.lock"));
    let lock: Vec<String> = lock
        .split("[[package]]")
        .map(|package| {
            let is_exercise =
                exercises.iter().any(|it| package.starts_with(&format!("\nname = \"{it}\"\n")));
            if is_exercise {
                versioned(package, "\nversion = \"0.1.0\"\n")
            } else {
                package.to_owned()
            }
        })
        .collect();
    put(&copy.join("Cargo.lock"), lock.join("[[package]]").as_bytes());
    for exercise in exercises {
        let folder = copy.join("exercises").join(exercise);
        put(&folder.join("src/lib.rs"), read(folder.join("starter.rs")).as_bytes());
        let manifest = read(folder.join("Cargo.toml"));
        put(
            &folder.join("Cargo.toml"),
            versioned(&manifest, "\nversion.workspace = true\n").as_bytes(),
        );
    }
    copy
}

/// Makes a folder, or a file, like another one. What is right already is left alone:
/// cargo goes by the times of the files.
fn mirror(from: &Path, to: &Path) {
    if from.is_file() {
        return put(to, &fs::read(from).expect("a file"));
    }
    if !from.is_dir() || from.ends_with("target") || from.ends_with("downloads") {
        return;
    }
    fs::create_dir_all(to).expect("a folder");
    for name in entries(to) {
        let left = to.join(&name);
        if !from.join(&name).exists() {
            let _ = if left.is_dir() { fs::remove_dir_all(left) } else { fs::remove_file(left) };
        }
    }
    for name in entries(from) {
        mirror(&from.join(&name), &to.join(&name));
    }
}

fn put(path: &Path, bytes: &[u8]) {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// Builds the real book, both editions, into a folder of this name under
/// `target/tmp`.
pub fn real_site(name: &str) -> PathBuf {
    let site = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // It may be of a version that left no mark in it.
    let _ = fs::remove_dir_all(&site);
    let output = Command::new(WORKBOOK)
        .args(["build", "--out"])
        .arg(&site)
        .current_dir(workspace())
        .env("WB_LANG", "en")
        .output()
        .expect("the command starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    site
}

/// A running command, killed when the test ends.
pub struct Running(pub Child);

impl Running {
    /// Sends what Ctrl-C sends.
    pub fn interrupt(&self) {
        let id = nix::unistd::Pid::from_raw(self.0.id().cast_signed());
        nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGINT).expect("it is running");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until something holds; fails after ten minutes: a cargo of ours may wait
/// for another one that compiles much.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < Duration::from_secs(600), "waited ten minutes for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The names in a folder, hidden ones too, sorted.
pub fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn copy(from: &Path, to: &Path) {
    let Ok(found) = fs::read_dir(from) else { return };
    fs::create_dir_all(to).expect("a folder");
    for entry in found {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
