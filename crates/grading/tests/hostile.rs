//! Runs every submission of the package `hostile`, as cargo would, and checks
//! that each gets its verdict and that none leaves a process.
//!
//! A suite that went well is not run again before something changes that its
//! verdicts depend on; with `--ignored`, it is.

mod cargo;

use std::{
    collections::HashMap,
    fs,
    process::{self, Command, Stdio},
    sync::LazyLock,
    time::{Duration, Instant},
};

use grading::{Verdict, report::Entry};
use libtest_mimic::{Arguments, Failed, Trial};
use serde::{Deserialize, Serialize};

/// The test, its verdict, and a part of what the learner reads.
const EXPECTED: &[(&str, Verdict, &str)] = &[
    ("good", Verdict::Passed, ""),
    ("closed_stdout", Verdict::Passed, ""),
    ("child_killed", Verdict::Passed, ""),
    ("forged_ok", Verdict::EarlyExit, "exit status: 0"),
    ("forged_frame", Verdict::EarlyExit, "exit status: 0"),
    ("forged_ending", Verdict::EarlyExit, "exit status: 0"),
    ("exit_like_done", Verdict::EarlyExit, "exit status: 86"),
    ("abort", Verdict::EarlyExit, "SIGABRT"),
    ("kills_guard", Verdict::EarlyExit, "guard was killed"),
    ("no_such_name", Verdict::EarlyExit, "#[test] function"),
    ("spin", Verdict::Hung, "still computes"),
    ("yield_loop", Verdict::Hung, "still computes"),
    ("endless_timer", Verdict::Hung, "test's clock"),
    ("tokio_deadlock", Verdict::Deadlock, "nothing will wake"),
    ("std_deadlock", Verdict::Blocked, "stood still"),
    ("long_blocking_sleep", Verdict::Blocked, "stood still"),
    ("blocking_sleep", Verdict::Blocked, "expected 1s"),
    ("grandchild_of_a_hang", Verdict::Blocked, "stood still"),
    ("recursion", Verdict::StackOverflow, "used up its stack"),
    ("memory_hog", Verdict::OutOfMemory, "128 MB"),
    ("memory_gulp", Verdict::OutOfMemory, "asked for more"),
    ("output_flood", Verdict::OutputFlood, "1024 KB"),
    ("file_flood", Verdict::OutputFlood, "a file larger"),
    ("thread_bomb", Verdict::TooMany, "More than 64"),
    ("process_bomb", Verdict::TooMany, "More than 64"),
    ("fork_bomb", Verdict::TooMany, "More than 64"),
    ("child_left", Verdict::Wrong, "still running"),
    ("grandchild_detached", Verdict::Wrong, "still running"),
    ("leaked_task", Verdict::Wrong, "still alive"),
    ("failed_assertion", Verdict::Wrong, "left == right"),
    ("plain_panic", Verdict::Panic, "a value"),
    ("silent_panic", Verdict::Panic, "nobody sees this"),
];

/// What the whole suite may take: its longest submissions run into a limit
/// of 1500 ms, two at a time.
const LONGEST: Duration = Duration::from_secs(30);

/// Given to the submissions, so that what they leave can be told from what
/// another run of this suite leaves. One of them empties its environment:
/// that one shows by what it sleeps for.
const MARK: &str = "WB_HOSTILE_SUITE";
const SLEEP: &[u8] = b"sleep\x0086391\0";

#[derive(Serialize, Deserialize)]
struct Suite {
    entries: HashMap<String, Entry>,
    took: Duration,
    left: Vec<String>,
}

static SUITE: LazyLock<Suite> = LazyLock::new(kept_or_run);

fn main() {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = EXPECTED.iter().map(trial).collect();
    trials.push(Trial::test("no_process_is_left", || {
        ensure(SUITE.left.is_empty(), || SUITE.left.join("\n"))
    }));
    trials.push(Trial::test("nothing_else_was_reported", || {
        let count = SUITE.entries.len();
        ensure(count == EXPECTED.len(), || format!("{count} entries"))
    }));
    trials.push(Trial::test("the_time_is_bounded", || {
        println!("{} submissions took {:?}", EXPECTED.len(), SUITE.took);
        ensure(SUITE.took < LONGEST, || format!("{:?}", SUITE.took))
    }));
    trials.push(
        Trial::test("again", || {
            let suite = run();
            EXPECTED.iter().try_for_each(|expected| prove(&suite, expected))?;
            ensure(suite.left.is_empty(), || suite.left.join("\n"))
        })
        .with_ignored_flag(true),
    );
    // The verdicts that follow are what Linux lets the harness see.
    let linux = cfg!(target_os = "linux");
    let trials = match linux {
        true => trials,
        false => trials.into_iter().map(|trial| trial.with_ignored_flag(true)).collect(),
    };
    libtest_mimic::run(&arguments, trials).exit();
}

fn trial(expected: &'static (&str, Verdict, &str)) -> Trial {
    Trial::test(expected.0, || prove(&SUITE, expected))
}

fn prove(suite: &Suite, &(test, verdict, part): &(&str, Verdict, &str)) -> Result<(), Failed> {
    let entry = suite.entries.get(test).ok_or("it was not reported")?;
    let message = &entry.message;
    ensure(entry.verdict == verdict && message.en.contains(part), || {
        format!("{:?}: {}", entry.verdict, message.en)
    })?;
    let passed = verdict == Verdict::Passed;
    ensure(message.zh.is_empty() == passed, || "nothing in Chinese".into())?;
    ensure(entry.points == if passed { 2 } else { 0 }, || format!("{} points", entry.points))
}

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(otherwise().into()) }
}

fn kept_or_run() -> Suite {
    let store = cargo::target().join("hostile.json");
    let digest = cargo::digest(&["crates/grading/src", "crates/grading/hostile"]);
    let kept: Option<(u64, Suite)> =
        fs::read(&store).ok().and_then(|json| serde_json::from_slice(&json).ok());
    if let Some((of, suite)) = kept
        && digest == of
    {
        return suite;
    }
    let suite = run();
    let went_well = suite.left.is_empty()
        && suite.took < LONGEST
        && EXPECTED.iter().all(|expected| prove(&suite, expected).is_ok());
    if went_well {
        let json = serde_json::to_vec(&(digest, &suite)).expect("a suite is plain data");
        fs::write(store, json).expect("a file can be written");
    }
    suite
}

fn run() -> Suite {
    let binary = cargo::build(&["-p", "hostile", "--test", "hostile"])
        .remove("hostile")
        .and_then(|package| package.test)
        .expect("the submissions compile");

    let id = process::id().to_string();
    let report = cargo::target().join(format!("hostile-{id}.jsonl"));
    let start = Instant::now();
    // Its exit code and its output are what a submission can reach.
    Command::new(binary)
        .env("WB_REPORT", &report)
        // More at a time would starve the guards of one another; the workspace
        // sets more for tests that wait.
        .env("RUST_TEST_THREADS", "2")
        .env_remove("WB_WALL_MS")
        .env(MARK, &id)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the submissions run");
    let took = start.elapsed();
    let lines = fs::read_to_string(&report).expect("there is a report");
    fs::remove_file(&report).expect("the report can go");
    Suite {
        entries: lines
            .lines()
            .map(|line| serde_json::from_str(line).expect("a line is an entry"))
            .map(|entry: Entry| (entry.test.clone(), entry))
            .collect(),
        took,
        left: left(&format!("{MARK}={id}")),
    }
}

/// The processes that were started by the suite, or that look like it.
fn left(mark: &str) -> Vec<String> {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let environment = fs::read(path.join("environ")).ok()?;
            let command = fs::read(path.join("cmdline")).ok()?;
            let marked =
                environment.split(|&byte| byte == 0).any(|variable| variable == mark.as_bytes());
            (marked || command == SLEEP && environment.is_empty())
                .then(|| format!("{}: {}", path.display(), command.escape_ascii()))
        })
        .collect()
}
