//! The programs of `tests/programs` whose lines have one order, as a package of
//! its own without a recorder: on the real clock, again and again and under
//! load, each prints what its recording says.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use record::{Program, Stand, Studio};
use recording::model::Ending;

/// Those that have one order, by more than a few milliseconds; what those that
/// hang would print is cut off.
const ONE_ORDER: &[&str] = &[
    "branches",
    "due_now",
    "endings",
    "handles",
    "late_buffer",
    "locks_and_channels",
    "lost_message",
    "stuck_circle",
    "stuck_full_channel",
    "stuck_join",
    "stuck_lock_twice",
    "stuck_no_waker",
    "stuck_not_polled",
    "stuck_notify",
    "stuck_oneshot",
    "stuck_open_channel",
    "stuck_queue",
    "stuck_rwlock",
    "stuck_semaphore",
    "stuck_std_lock",
];
/// How often each is run.
const TIMES: usize = 200;
/// How many run at once.
const AT_ONCE: usize = 48;
/// The longest of them takes four seconds; a hang is given up then.
const LIMIT: Duration = Duration::from_secs(8);

#[test]
#[ignore = "takes minutes"]
fn recorded_as_in_truth() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("above");
    let target = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    let target = root.join(target.unwrap_or_else(|| "target".into())).join("recorder");
    let recorded = recorded(&root, &target);
    let bare = bare(&root, &target.join("bare"));

    let runs = AtomicUsize::new(0);
    let wrong = std::sync::Mutex::new(Vec::new());
    let loaded = AtomicBool::new(true);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while loaded.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let runners: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        let run = runs.fetch_add(1, Ordering::Relaxed);
                        let Some((name, lines)) = recorded.get(run % recorded.len()) else {
                            return;
                        };
                        if run >= TIMES * recorded.len() {
                            return;
                        }
                        let printed = printed(&bare.join(name), lines.len());
                        if printed != *lines {
                            let mut wrong = wrong.lock().expect("nobody panics with it");
                            wrong.push(format!("{name}: {printed:?}, recorded {lines:?}"));
                        }
                    }
                })
            })
            .collect();
        for runner in runners {
            runner.join().expect("it does not panic");
        }
        loaded.store(false, Ordering::Relaxed);
    });
    let wrong = wrong.into_inner().expect("nobody panicked");
    assert!(
        wrong.is_empty(),
        "{} of {} runs:\n{}",
        wrong.len(),
        TIMES * recorded.len(),
        wrong.join("\n")
    );
}

/// What the recordings say that they print.
fn recorded(root: &Path, target: &Path) -> Vec<(String, String)> {
    let program = |name: &&str| {
        let file = format!("programs/{name}.rs");
        let path = root.join("crates/record/tests").join(&file);
        Program {
            name: (*name).to_owned(),
            path,
            file,
            libraries: Stand::Light,
            text: None,
            clock: None,
        }
    };
    let programs: Vec<Program> = ONE_ORDER.iter().map(program).collect();
    let outcomes = Studio::new(root, target).record(&programs, LIMIT, |_| {});
    let lines = |(program, outcome): (Program, record::Outcome)| {
        let trace = outcome.unwrap_or_else(|error| panic!("{}: {error}", program.name)).trace;
        assert!(matches!(trace.ending, Ending::Returned | Ending::Stuck), "{}", program.name);
        let lines: String = trace.lines().map(|line| format!("{line}\n")).collect();
        (program.name, lines)
    };
    programs.into_iter().zip(outcomes.expect("the recorder compiles")).map(lines).collect()
}

/// Compiles them as anyone would; the folder of the executables.
fn bare(root: &Path, folder: &Path) -> PathBuf {
    std::fs::create_dir_all(folder).expect("a folder");
    let mut manifest =
        "[package]\nname = \"bare\"\nversion = \"0.1.0\"\nedition = \"2024\"\nautobins = false\n\n\
                        [workspace]\n\n[dependencies]\nfutures = \"0.3\"\n\
                        tokio = { version = \"1.54.1\", features = [\"full\"] }\n"
            .to_owned();
    for name in ONE_ORDER {
        let path = root.join(format!("crates/record/tests/programs/{name}.rs"));
        manifest += &format!("\n[[bin]]\nname = \"{name}\"\npath = {path:?}\n");
    }
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("a file");
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a file");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--bins", "--target-dir", "target"])
        .current_dir(folder)
        .env_remove("RUSTFLAGS")
        .status();
    assert!(status.expect("cargo starts").success());
    folder.join("target/debug")
}

/// What it prints; one that hangs is ended once it has printed so much, and has
/// had a while to print more.
fn printed(executable: &Path, expected: usize) -> String {
    let output = tempfile::NamedTempFile::new().expect("a file");
    let stdout = output.reopen().expect("the file");
    let mut child = Command::new(executable)
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::null())
        .env_remove("RUST_BACKTRACE")
        .spawn()
        .expect("it starts");
    let started = Instant::now();
    let mut since = None;
    while let Ok(None) = child.try_wait() {
        let length = output.as_file().metadata().map_or(0, |data| data.len() as usize);
        if length >= expected && since.is_none() {
            since = Some(Instant::now());
        }
        let is_done = since.is_some_and(|since: Instant| since.elapsed() > Duration::from_secs(1));
        if is_done || started.elapsed() > LIMIT {
            let _ = child.kill();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    std::fs::read_to_string(output.path()).expect("text")
}
