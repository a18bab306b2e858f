//! Writes the list of programs that are compiled into the recorder: every
//! `examples/*.rs` for the `timeline` binary, every `tests/programs/*.rs` for
//! this package's own tests. A new file needs no entry anywhere.

use std::{env, path::PathBuf};

#[path = "src/list.rs"]
mod list;
#[path = "src/source.rs"]
mod source;

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let overrides = list::Overrides::read(&here.join("clocks.txt"));

    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/source.rs");
    println!("cargo::rerun-if-changed=src/list.rs");
    list::write_list(&here.join("../examples"), &overrides, &out.join("examples.rs"));
    list::write_list(&here.join("tests/programs"), &overrides, &out.join("fixtures.rs"));
}
