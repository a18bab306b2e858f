//! Records every application, and holds the lines it prints to its snapshot,
//! which is what the real process printed.

#[path = "../../../timeline/tests/lines.rs"]
mod lines;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use timeline::{
    client,
    model::{On, Trace},
};

fn main() -> ExitCode {
    // What the programs write must not lie below examples/: cargo would build the
    // recorders again.
    std::env::set_current_dir(env!("CARGO_TARGET_TMPDIR")).expect("cargo made this folder");
    let arguments = Arguments::from_args();
    let traces = client::record::<&str>(env!("CARGO_BIN_EXE_applications").as_ref(), &[]);
    let traces = traces.unwrap_or_else(|error| panic!("{error}"));
    let trials = traces.into_iter().map(|trace| {
        Trial::test(trace.name.clone(), move || {
            whole(&trace)?;
            honest(&trace)?;
            lines::agree(&trace)
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
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
