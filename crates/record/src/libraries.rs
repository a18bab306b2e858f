//! What programs are compiled with: the recorder, and all that it and they
//! stand on, built by cargo with tokio's instrumentation.
//!
//! They lie in a target folder of their own. So an ordinary `cargo run` never
//! waits for them, and the programs that a reader runs stand on plain tokio.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::Stand;

/// tokio compiles its instrumentation in only under this flag, which changes
/// nothing else in a program. (An environment variable, since it replaces the
/// flags of any configuration; U+001F parts its words.)
pub(crate) const FLAGS: (&str, &str) = ("CARGO_ENCODED_RUSTFLAGS", "--cfg\u{1f}tokio_unstable");

/// Libraries on the disk, and how rustc is to find them.
#[derive(Clone, Debug)]
pub struct Libraries {
    /// The crates that a program may name, and their files.
    pub externs: BTreeMap<String, PathBuf>,
    /// rustc's search paths, each with its kind: `dependency=…`, `native=…`.
    pub paths: Vec<String>,
    /// The folder of the package whose programs these are for.
    pub package: PathBuf,
}

/// Why they could not be built.
#[derive(Debug, thiserror::Error)]
pub enum LibrariesError {
    /// Cargo cannot be started.
    #[error("cannot run cargo: {0}")]
    Cargo(std::io::Error),
    /// They do not compile; cargo has said why on standard error.
    #[error("cargo could not build the recorder (see above)")]
    Build,
    /// `Cargo.lock` cannot be read, or does not hold the package.
    #[error("Cargo.lock: {0}")]
    Lock(String),
}

impl Stand {
    /// The package whose dependencies a program may use, and its folder.
    fn package(self) -> (&'static str, &'static str) {
        match self {
            Stand::Light => ("async-rust-workbook", ""),
            Stand::Applications => ("applications", "examples/applications"),
        }
    }

    /// What cargo is asked to build beside the recorder.
    fn selection(self) -> &'static [&'static str] {
        match self {
            Stand::Light => &[],
            Stand::Applications => {
                &["--package", "applications", "--features", "applications/recorded"]
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Message {
    CompilerArtifact {
        package_id: String,
        target: Target,
        filenames: Vec<PathBuf>,
    },
    BuildScriptExecuted {
        linked_paths: Vec<String>,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Libraries {
    pub(crate) fn build(root: &Path, target: &Path, stand: Stand) -> Result<Self, LibrariesError> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["build", "--lib", "--message-format=json-render-diagnostics"])
            .args([
                "--package",
                "recorder",
                "--package",
                "staged-tokio",
                "--package",
                "plain-tokio",
            ])
            .args(stand.selection())
            .arg("--target-dir")
            .arg(target)
            .env(FLAGS.0, FLAGS.1)
            .current_dir(root)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(LibrariesError::Cargo)?;
        if !output.status.success() {
            return Err(LibrariesError::Build);
        }
        let (package, folder) = stand.package();
        let mut wanted = dependencies(root, package)?;
        wanted.extend(
            ["recorder", "staged-tokio", "plain-tokio", package].map(|it| (it.into(), None)),
        );
        let mut libraries =
            Self { externs: BTreeMap::new(), paths: Vec::new(), package: root.join(folder) };
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            match serde_json::from_str(line) {
                Ok(Message::CompilerArtifact { package_id, target, filenames }) => {
                    libraries.add(&wanted, &package_id, &target, filenames);
                }
                Ok(Message::BuildScriptExecuted { linked_paths }) => {
                    libraries.paths.extend(linked_paths);
                }
                _ => {}
            }
        }
        libraries.paths.push(format!("dependency={}", target.join("debug/deps").display()));
        libraries.paths.dedup();
        Ok(libraries)
    }

    fn add(&mut self, wanted: &Wanted, id: &str, target: &Target, files: Vec<PathBuf>) {
        let is_library = |file: &PathBuf| {
            file.extension()
                .is_some_and(|it| it == "rlib" || it == "so" || it == "dylib" || it == "dll")
        };
        if target.kind.iter().any(|kind| kind == "bin" || kind == "custom-build") {
            return;
        }
        // `registry+…#name@1.2.3`; of a package in a folder of its name, `path+…/name#1.2.3`.
        let (place, rest) = id.rsplit_once('#').unwrap_or(("", id));
        let folder = place.rsplit('/').next().unwrap_or_default();
        let (name, version) = rest.split_once('@').unwrap_or((folder, rest));
        let Some((_, of)) = wanted.iter().find(|(wanted, _)| wanted == name) else { return };
        // What cargo was asked for itself it also puts in one place for all, where
        // the next call writes over it; beside its metadata it has a name of its own.
        let metadata = files.iter().find(|file| file.extension().is_some_and(|it| it == "rmeta"));
        let named = metadata.map(|file| file.with_extension("rlib")).filter(|file| file.is_file());
        if of.as_ref().is_none_or(|of| of == version)
            && let Some(file) = named.or_else(|| files.into_iter().find(is_library))
        {
            self.externs.insert(target.name.replace('-', "_"), file);
        }
    }
}

/// Packages by name, with a version where the lock file has several of them.
type Wanted = Vec<(String, Option<String>)>;

/// What a package depends on, as the lock file has it.
fn dependencies(root: &Path, package: &str) -> Result<Wanted, LibrariesError> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Locked>,
    }
    #[derive(Deserialize)]
    struct Locked {
        name: String,
        #[serde(default)]
        dependencies: Vec<String>,
    }
    let text = std::fs::read_to_string(root.join("Cargo.lock"))
        .map_err(|error| LibrariesError::Lock(error.to_string()))?;
    let lock: Lock =
        toml::from_str(&text).map_err(|error| LibrariesError::Lock(error.to_string()))?;
    let locked = lock.package.into_iter().find(|locked| locked.name == package);
    let locked = locked.ok_or_else(|| LibrariesError::Lock(format!("no package {package}")))?;
    let dependency = |line: String| match line.split_once(' ') {
        Some((name, version)) => (name.to_owned(), Some(version.to_owned())),
        None => (line, None),
    };
    Ok(locked.dependencies.into_iter().map(dependency).collect())
}
