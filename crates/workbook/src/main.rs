//! `cargo run`: read the book. See the library for how it works.

use std::process::ExitCode;

fn main() -> ExitCode {
    workbook::cli::main()
}
