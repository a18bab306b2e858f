//! The programs as a reader runs them.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

/// Compiles the programs as `cargo run --example NAME` does, once.
static COMPILED: LazyLock<()> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--examples"])
        .current_dir(root)
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the examples compile");
});

/// Where a program is.
pub fn executable(name: &str) -> PathBuf {
    LazyLock::force(&COMPILED);
    // target/debug/deps/THIS_TEST
    let this = std::env::current_exe().expect("it has a path");
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let profile = this.ancestors().nth(2).expect("cargo put it into deps");
    profile.join("examples").join(file)
}

/// A program with these arguments, which speaks the language `lang`.
#[allow(dead_code)]
pub fn command(name: &str, lang: &str) -> Command {
    let mut command = Command::new(executable(name));
    command.env("WB_LANG", lang);
    command
}

/// The Python of the twins: `WB_PYTHON` names it, else it is `python3`.
pub fn python() -> Command {
    Command::new(std::env::var("WB_PYTHON").unwrap_or_else(|_| "python3".into()))
}
