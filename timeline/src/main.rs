//! The recorder's binary: the programs of the book, compiled in.

use std::process::ExitCode;

// In textual scope before the programs, these take the place of std's. The
// call stack is to show the program's line, not the macro's.
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
    include!(concat!(env!("OUT_DIR"), "/examples.rs"));
}

fn main() -> ExitCode {
    timeline::host::main(programs::PROGRAMS)
}
