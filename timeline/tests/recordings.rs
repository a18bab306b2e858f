//! Records every program and compares the traces with their snapshots.
//!
//! The programs of `tests/programs` are compiled into this very binary, which
//! therefore has the recorder's command line as well as the test harness's.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use timeline::{
    client, host,
    model::{Clock, Trace},
    text,
};

// As in the recorder's own binary.
#[allow(unused_macros)]
#[collapse_debuginfo(yes)]
macro_rules! println {
    () => { ::timeline::stage::print(format_args!(""), line!(), true) };
    ($($text:tt)*) => { ::timeline::stage::print(format_args!($($text)*), line!(), true) };
}
#[allow(unused_macros)]
#[collapse_debuginfo(yes)]
macro_rules! print {
    ($($text:tt)*) => { ::timeline::stage::print(format_args!($($text)*), line!(), false) };
}

mod programs {
    include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));
}

fn main() -> ExitCode {
    let command = std::env::args().nth(1);
    if command.is_some_and(|command| ["record", "perform"].contains(&command.as_str())) {
        return host::main(programs::PROGRAMS);
    }
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials()).exit_code()
}

fn trials() -> Vec<Trial> {
    let examples = client::record::<&str>(env!("CARGO_BIN_EXE_timeline").as_ref(), &[]);
    let examples = examples.unwrap_or_else(|error| panic!("{error}"));
    let limit = std::time::Duration::from_secs(3);
    let fixtures = host::record(programs::PROGRAMS, limit);
    let snapshots = |kind: &'static str| move |trace: Trace| {
        Trial::test(format!("{kind}::{}", trace.name), move || snapshot(kind, &trace))
    };
    examples.into_iter().map(snapshots("examples")).chain(fixtures.into_iter().map(snapshots("programs"))).collect()
}

/// Exact times for the paused clock; for the real one, what every run has in
/// common.
fn snapshot(kind: &str, trace: &Trace) -> Result<(), Failed> {
    let text = match trace.clock {
        Clock::Paused => text::account(trace),
        Clock::Real => {
            let mut lines: Vec<&str> = trace.lines().collect();
            lines.sort_unstable();
            format!("{} tasks\n{:?}\n{}\n", trace.tasks.len(), trace.failure, lines.join("\n"))
        }
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        std::panic::catch_unwind(|| insta::assert_snapshot!(format!("{kind}__{}", trace.name), text))
            .map_err(|_| Failed::from("the trace differs from its snapshot (`cargo insta review`)"))
    })
}
