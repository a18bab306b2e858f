//! Calls cargo and reads what it says of each package.

use std::{
    collections::HashMap,
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use beliefs::Fault;
use rustc::Diagnostic;
use serde::Deserialize;
use serde_json::Value;

/// What became of one package.
#[derive(Debug, Default)]
pub struct Package {
    /// Its integration test, if that compiled.
    pub test: Option<PathBuf>,
    /// The warnings, as rendered.
    pub warnings: Vec<String>,
    /// The errors, as rendered.
    pub errors: Vec<String>,
    /// What both are, and where in the answer.
    pub faults: Vec<Fault>,
}

/// The workspace's root.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).expect("it lies in crates/").to_owned()
}

/// The workspace's target directory.
pub fn target() -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().expect("it has a parent").to_owned()
}

/// Compiles as `arguments` say, with the workspace's own configuration, and
/// to the end even if some packages do not compile.
///
/// # Panics
/// If cargo cannot be run.
pub fn build(arguments: &[&str]) -> HashMap<String, Package> {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root())
        .args(["build", "--offline", "--keep-going", "--message-format=json"])
        .args(arguments)
        .env("CARGO_TARGET_DIR", target())
        .stderr(Stdio::piped())
        .output()
        .expect("cargo runs");
    let mut packages: HashMap<String, Package> = HashMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let Some(id) = message["package_id"].as_str() else {
            continue;
        };
        let package = packages.entry(name(id)).or_default();
        let manifest = Path::new(message["manifest_path"].as_str().unwrap_or_default());
        if let Ok(diagnostic) = Diagnostic::deserialize(&message["message"]) {
            let answer = manifest.with_file_name("src/lib.rs");
            package.faults.extend(Fault::of(&diagnostic, &answer));
        }
        let rendered = message["message"]["rendered"].as_str().unwrap_or_default();
        match message["message"]["level"].as_str() {
            Some("warning") => package.warnings.push(rendered.to_owned()),
            Some(_) => package.errors.push(rendered.to_owned()),
            None => {}
        }
        if message["target"]["kind"][0] == "test" {
            package.test = message["executable"].as_str().map(PathBuf::from);
        }
    }
    assert!(!packages.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    packages
}

/// The name in a package id: `path+file:///a/NAME#0.1.0` or `…#NAME@0.1.0`.
fn name(id: &str) -> String {
    let (path, version) = id.split_once('#').unwrap_or((id, ""));
    match version.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => path.rsplit('/').next().unwrap_or_default().to_owned(),
    }
}

/// Of these folders and of what else a verdict depends on: the lock file, the
/// flags, the compiler, the kernel that sets the limits.
pub fn digest(folders: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    let shared = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "crates/grading/Cargo.toml"];
    let shared = shared.map(|file| root().join(file));
    for path in folders.iter().flat_map(|folder| files(&root().join(folder))).chain(shared) {
        read(&path).hash(&mut hasher);
    }
    for variable in ["RUSTFLAGS", "WB_WALL_MS"] {
        env::var_os(variable).hash(&mut hasher);
    }
    fs::read_to_string("/proc/version").ok().hash(&mut hasher);
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("-vV").output().expect("rustc runs");
    version.stdout.hash(&mut hasher);
    hasher.finish()
}

/// A file's text.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What lies in a directory, in order; nothing if there is none.
pub fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

/// The files below a directory.
pub fn files(directory: &Path) -> Vec<PathBuf> {
    let (directories, mut all): (Vec<_>, Vec<_>) =
        entries(directory).into_iter().partition(|path| path.is_dir());
    all.extend(directories.iter().flat_map(|directory| files(directory)));
    all
}
