//! Records every application, and holds the lines it prints to its snapshot,
//! which is what the real process printed.

#[path = "../../../timeline/tests/kept.rs"]
mod kept;
#[path = "../../../timeline/tests/lines.rs"]
mod lines;

use std::{fs, path::PathBuf, process::ExitCode};

use kept::Kept;
use libtest_mimic::{Arguments, Failed, Trial};
use timeline::{
    client,
    model::{On, Trace},
};

const RECORDER: &str = env!("CARGO_BIN_EXE_applications");

fn main() -> ExitCode {
    // What the programs write must not lie below examples/: cargo would build the
    // recorders again.
    std::env::set_current_dir(env!("CARGO_TARGET_TMPDIR")).expect("cargo made this folder");
    let arguments = Arguments::from_args();
    let kept = Kept {
        store: concat!(env!("CARGO_TARGET_TMPDIR"), "/applications.json").into(),
        files: files(),
    };
    let traces = kept.or_record(|| {
        let traces = client::record::<&str>(RECORDER.as_ref(), &[]);
        traces.unwrap_or_else(|error| panic!("{error}"))
    });
    let trials = traces.into_iter().map(|trace| {
        Trial::test(trace.name.clone(), move || {
            whole(&trace)?;
            honest(&trace)?;
            lines::agree(&trace)
        })
    });
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    if conclusion.has_failed() {
        kept.forget();
    }
    conclusion.exit_code()
}

/// The recorder, and what `read_files` reads.
fn files() -> Vec<PathBuf> {
    let read = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/files"));
    let read = read.expect("the files are there").map(|entry| entry.expect("a file").path());
    let mut files: Vec<_> = read.collect();
    files.sort();
    files.push(RECORDER.into());
    files
}

/// These programs wait for a server alone. What the
/// HTTP client waits for by turns (a socket, a timer,
/// a oneshot of its own task) is its own affair.
const FETCHING: [&str; 4] = ["http_get", "sequential_downloads", "image_downloads", "web_crawler"];

fn honest(trace: &Trace) -> Result<(), Failed> {
    let inside = |on: &On| matches!(on, On::Oneshot | On::Wake);
    let mut waits = trace.waits.iter();
    match waits.find(|wait| inside(&wait.on)) {
        Some(wait) if FETCHING.contains(&&*trace.name) => Err(format!("{wait:?}").into()),
        _ => Ok(()),
    }
}

fn whole(trace: &Trace) -> Result<(), Failed> {
    trace.failure.as_ref().map_or(Ok(()), |failure| Err(failure.into()))
}
