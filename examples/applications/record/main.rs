//! The recorder of the applications: `timeline`'s command line, other programs.

use std::process::ExitCode;

#[macro_use]
#[path = "../../../timeline/src/print_macros.rs"]
mod print_macros;

mod programs {
    include!(concat!(env!("OUT_DIR"), "/examples.rs"));
}

fn main() -> ExitCode {
    timeline::host::main(programs::PROGRAMS)
}
