//! Records every program, compares the traces with their snapshots, and the
//! lines they print with those of the example as cargo runs it.
//!
//! The programs of `tests/programs` are compiled into this very binary, which
//! therefore has the recorder's command line as well as the test harness's.

mod pictures;

use std::{
    path::Path,
    process::{Command, ExitCode, Stdio},
};

use libtest_mimic::{Arguments, Failed, Trial};
use timeline::{
    client, host,
    model::{Clock, Trace},
    svg, text,
    words::Locale,
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
    if command
        .is_some_and(|command| ["record", "perform", "text", "svg"].contains(&command.as_str()))
    {
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
    let real = real_lines(&examples);
    let agreements = real.into_iter().map(|(name, paused, real)| {
        Trial::test(format!("lines::{name}"), move || agree(&paused, &real?))
    });
    let agreements: Vec<Trial> = agreements.collect();

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
        .collect()
}

type Lines = Vec<String>;

/// For each example its name, the lines in its trace, and those that it prints
/// when cargo runs it, all of them at the same time.
fn real_lines(traces: &[Trace]) -> Vec<(String, Lines, Result<Lines, String>)> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--quiet", "--package", "async-rust-workbook", "--examples"])
        .current_dir(workspace);
    assert!(build.status().is_ok_and(|status| status.success()), "the examples do not build");

    let folder = Path::new(env!("CARGO_BIN_EXE_timeline")).with_file_name("examples");
    let runs: Vec<_> = traces
        .iter()
        .map(|trace| {
            let mut example = Command::new(folder.join(&trace.name));
            (trace, example.stdin(Stdio::null()).stdout(Stdio::piped()).spawn())
        })
        .collect();
    let read = |run: std::io::Result<std::process::Child>| {
        let output = run
            .and_then(std::process::Child::wait_with_output)
            .map_err(|error| error.to_string())?;
        Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
    };
    runs.into_iter()
        .map(|(trace, run)| {
            let (mut paused, mut real): (Lines, _) =
                (trace.lines().map(str::to_owned).collect(), read(run));
            // Of a program on the real clock, nothing is said about the order.
            if trace.clock == Clock::Real {
                paused.sort_unstable();
                real = real.map(|mut lines: Lines| {
                    lines.sort_unstable();
                    lines
                });
            }
            (trace.name.clone(), paused, real)
        })
        .collect()
}

fn agree(paused: &Lines, real: &Lines) -> Result<(), Failed> {
    if paused == real {
        return Ok(());
    }
    Err(format!("recorded:\n{}\n\nrun by cargo:\n{}", paused.join("\n"), real.join("\n")).into())
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
            lines.sort_unstable();
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
