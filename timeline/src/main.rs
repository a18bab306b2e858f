//! The recorder's binary: the programs of the book, compiled in.

use std::process::ExitCode;

#[macro_use]
#[path = "print_macros.rs"]
mod print_macros;

mod programs {
    include!(concat!(env!("OUT_DIR"), "/examples.rs"));
}

fn main() -> ExitCode {
    timeline::host::main(programs::PROGRAMS)
}
