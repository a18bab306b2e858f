//! Records every application, and holds the lines it prints to its snapshot,
//! which is what the real process printed.

#[path = "../../../timeline/tests/lines.rs"]
mod lines;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use timeline::{client, model::Trace};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let traces = client::record::<&str>(env!("CARGO_BIN_EXE_applications").as_ref(), &[]);
    let traces = traces.unwrap_or_else(|error| panic!("{error}"));
    let trials = traces.into_iter().map(|trace| {
        Trial::test(trace.name.clone(), move || whole(&trace).and_then(|()| lines::agree(&trace)))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn whole(trace: &Trace) -> Result<(), Failed> {
    trace.failure.as_ref().map_or(Ok(()), |failure| Err(failure.into()))
}
