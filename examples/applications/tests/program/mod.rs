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

/// The Python program of this name, as it stands, but it fetches these addresses
/// in place of the book's site.
#[allow(dead_code)]
pub fn twin(name: &str, urls: &[String]) -> Command {
    const RUN: &str = "\
import contextlib, runpy, sys
folder, program, *urls = sys.argv[1:]
sys.path.insert(0, folder)
import aiohttp, website

@contextlib.asynccontextmanager
async def serve():
    yield aiohttp.TCPConnector()

website.serve, website.URL, website.IMAGES = serve, urls[0], urls
runpy.run_path(f'{folder}/{program}.py', run_name='__main__')
";
    let mut command = python();
    command.args(["-c", RUN, env!("CARGO_MANIFEST_DIR"), name]).args(urls);
    command.env("PYTHONIOENCODING", "utf-8").env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
