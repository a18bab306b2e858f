//! `cargo run`: read the book; `cargo run -- help` lists what else there is.
//!
//! The command is thin: [`cli`] reads the arguments, in the reader's language, and
//! calls the room that does the work. [`trace`] shows a timeline outside of the book,
//! [`propose`] a change that a page proposes.

mod cli;
mod propose;
mod trace;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
