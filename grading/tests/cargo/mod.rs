//! Calls cargo and reads what it says of each package.

use std::{
    collections::HashMap,
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

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
}

/// The workspace's root.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().expect("it has a parent").to_owned()
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
