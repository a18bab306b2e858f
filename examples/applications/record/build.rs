//! Writes the list of programs that are compiled into this package's recorder.

use std::{env, path::PathBuf};

#[path = "../../../timeline/src/list.rs"]
mod list;
#[path = "../../../timeline/src/source.rs"]
mod source;

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let overrides = list::Overrides::read(&here.join("clocks.txt"));

    println!("cargo::rerun-if-changed=record/build.rs");
    println!("cargo::rerun-if-changed=../../timeline/src/source.rs");
    println!("cargo::rerun-if-changed=../../timeline/src/list.rs");
    list::write_list(&here, &overrides, &out.join("examples.rs"));
}
