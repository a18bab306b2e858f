//! Records every program, compares the traces with their snapshots, and the
//! lines they print with the snapshot of the real run.
//!
//! The programs of `tests/programs` are compiled into this very binary, which
//! therefore has the recorder's command line as well as the test harness's.

mod kept;
mod lines;
mod pictures;

use std::{process::ExitCode, thread, time::Duration};

use kept::Kept;

use libtest_mimic::{Arguments, Failed, Trial};
use timeline::{
    client, host, layout,
    model::{Clock, On, Trace, Wait},
    svg, text,
    words::Locale,
};

#[macro_use]
#[path = "../src/print_macros.rs"]
mod print_macros;

mod programs {
    include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));
}

const RECORDER: &str = env!("CARGO_BIN_EXE_timeline");

fn main() -> ExitCode {
    let command = std::env::args().nth(1);
    if host::is_child()
        || command.is_some_and(|command| ["record", "text", "svg"].contains(&command.as_str()))
    {
        return host::main(programs::PROGRAMS);
    }
    let arguments = Arguments::from_args();
    let own = std::env::current_exe().expect("this binary has a path");
    let kept = Kept {
        store: concat!(env!("CARGO_TARGET_TMPDIR"), "/recordings.json").into(),
        files: vec![RECORDER.into(), own],
    };
    let conclusion = libtest_mimic::run(&arguments, trials(kept.or_record(record)));
    if conclusion.has_failed() {
        kept.forget();
    }
    conclusion.exit_code()
}

/// The examples' traces and the fixtures'.
fn record() -> [Vec<Trace>; 2] {
    // All at once: they wait for the real clock, and for the program that hangs.
    let (hanging, others): (Vec<_>, Vec<_>) =
        programs::PROGRAMS.iter().partition(|program| program.name == "hangs");
    let hanging = thread::spawn(move || host::record(&hanging, Duration::from_secs(2)));
    let others = thread::spawn(move || host::record(&others, host::TIME_LIMIT));
    let examples = client::record::<&str>(RECORDER.as_ref(), &[]);
    let examples = examples.unwrap_or_else(|error| panic!("{error}"));
    let mut fixtures = others.join().expect("no panic");
    fixtures.extend(hanging.join().expect("no panic"));
    [examples, fixtures]
}

fn trials([examples, fixtures]: [Vec<Trace>; 2]) -> Vec<Trial> {
    let agreements: Vec<Trial> = examples
        .iter()
        .cloned()
        .map(|trace| Trial::test(format!("lines::{}", trace.name), move || lines::agree(&trace)))
        .collect();
    let starved = examples.iter().find(|trace| trace.name == "blocking").cloned();
    let starved = starved.map(|trace| Trial::test("starved::blocking", move || starves(&trace)));

    let snapshots = |kind: &'static str| {
        move |trace: Trace| {
            Trial::test(format!("{kind}::{}", trace.name), move || snapshot(kind, &trace))
        }
    };
    examples
        .into_iter()
        .map(snapshots("examples"))
        .chain(fixtures.into_iter().map(snapshots("programs")))
        .chain(agreements)
        .chain(starved)
        .collect()
}

/// The chapter's picture shows a timer that waits for the thread.
fn starves(trace: &Trace) -> Result<(), Failed> {
    let first = trace.waits.iter().find(|wait| matches!(wait.on, On::Sleep { .. }));
    match first.and_then(Wait::late) {
        Some(late) if late >= 500_000 => Ok(()),
        late => Err(format!("the first sleep is late by {late:?}").into()),
    }
}

/// Exact times for the paused clock; for the real one, what every run has in
/// common.
fn snapshot(kind: &str, trace: &Trace) -> Result<(), Failed> {
    for (locale, width) in
        [(Locale::En, 720), (Locale::Zh, 720), (Locale::En, 360), (Locale::Zh, 360)]
    {
        if let Some(overlap) = pictures::overlap(&svg::draw(trace, locale, width)) {
            return Err(format!("{width} pixels, {}: {overlap}", locale.code()).into());
        }
    }
    let text = match trace.clock {
        Clock::Paused => text::account(trace),
        Clock::Real => {
            let mut lines: Vec<&str> = trace.lines().collect();
            if layout::order_is_free(trace) {
                lines.sort_unstable();
            }
            format!("{} tasks\n{:?}\n{}\n", trace.tasks.len(), trace.failure, lines.join("\n"))
        }
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        std::panic::catch_unwind(|| {
            insta::assert_snapshot!(format!("{kind}__{}", trace.name), text)
        })
        .map_err(|_| Failed::from("the trace differs from its snapshot (`cargo insta review`)"))
    })
}
