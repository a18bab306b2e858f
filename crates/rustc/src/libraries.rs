//! What programs are compiled with, built by cargo: where each library lies, and
//! whether it is still fresh.
//!
//! A call of cargo that finds nothing to do takes a fifth of a second. So where
//! the libraries lie is kept in a file beside them, with everything that they were
//! made of; cargo is asked again when one of these is another by now.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// Which libraries, and how they are built.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The workspace.
    pub root: &'a Path,
    /// The target folder.
    pub target: &'a Path,
    /// What cargo is asked to build; if nothing, it is not asked.
    pub build: &'a [&'a str],
    /// A variable of cargo's environment.
    pub environment: Option<(&'a str, &'a str)>,
    /// The package whose dependencies a program may name, and its folder.
    pub package: (&'a str, &'a str),
    /// Other packages that it may name.
    pub also: &'a [&'a str],
}

/// Libraries on the disk, and how rustc is to find them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Libraries {
    /// The crates that a program may name, and their files.
    pub externs: BTreeMap<String, PathBuf>,
    /// rustc's search paths, each with its kind: `dependency=…`, `native=…`.
    pub paths: Vec<String>,
    /// The folder of the package whose programs these are for.
    pub package: PathBuf,
    /// What they were made of.
    made_of: Vec<(PathBuf, Option<SystemTime>)>,
    /// Where this is kept.
    #[serde(skip)]
    kept: PathBuf,
}

/// Why they could not be built.
#[derive(Debug, thiserror::Error)]
pub enum LibrariesError {
    /// Cargo cannot be started.
    #[error("cannot run cargo: {0}")]
    Cargo(std::io::Error),
    /// They do not compile: what cargo said of it, if it was heard. (Otherwise it has
    /// said so on standard error.)
    #[error("{}", if .0.is_empty() { "cargo failed (see above)" } else { .0 })]
    Build(String),
    /// `Cargo.lock` cannot be read, or does not hold the package.
    #[error("Cargo.lock: {0}")]
    Lock(String),
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
    /// What is wanted, built if need be. What cargo says goes to standard error; if
    /// somebody is to be told, line by line, and to them as well.
    ///
    /// # Errors
    ///
    /// See [`LibrariesError`].
    pub fn build(
        wanted: &Wanted<'_>,
        tell: Option<&mut dyn FnMut(&str)>,
    ) -> Result<Self, LibrariesError> {
        let kept = wanted.kept();
        if let Some(libraries) = Self::fresh(&kept) {
            return Ok(libraries);
        }
        if wanted.build.is_empty() {
            return Self::read(wanted, &[]);
        }
        // Before the call, so that what changes meanwhile counts as changed.
        let asked = SystemTime::now();
        let stdout = cargo(wanted, tell)?;
        let libraries = Self::read(wanted, &stdout)?;
        let is_settled = |(_, at): &(PathBuf, Option<SystemTime>)| at.is_none_or(|at| at < asked);
        // What is not kept is asked for again.
        if libraries.made_of.iter().all(is_settled)
            && let Ok(json) = serde_json::to_vec(&libraries)
        {
            let _ = replace(&kept, &json);
        }
        Ok(Self { kept, ..libraries })
    }

    /// Forgets where they lie: a program could not be compiled with them, which
    /// may be theirs.
    pub fn forget(&self) {
        let _ = std::fs::remove_file(&self.kept);
    }

    fn fresh(kept: &Path) -> Option<Self> {
        let libraries: Self = serde_json::from_slice(&std::fs::read(kept).ok()?).ok()?;
        let is_fresh = libraries.made_of.iter().all(|(path, at)| modified(path) == *at)
            && libraries.externs.values().all(|file| file.is_file());
        is_fresh.then(|| Self { kept: kept.to_owned(), ..libraries })
    }

    fn read(wanted: &Wanted<'_>, stdout: &[u8]) -> Result<Self, LibrariesError> {
        let (package, folder) = wanted.package;
        let mut named = dependencies(wanted.root, package)?;
        named.extend(wanted.also.iter().chain([&package]).map(|it| ((*it).to_owned(), None)));
        let mut libraries = Self {
            externs: BTreeMap::new(),
            paths: Vec::new(),
            package: wanted.root.join(folder),
            made_of: Vec::new(),
            kept: PathBuf::new(),
        };
        let mut sources = BTreeSet::new();
        for line in String::from_utf8_lossy(stdout).lines() {
            match serde_json::from_str(line) {
                Ok(Message::CompilerArtifact { package_id, target, filenames }) => {
                    if package_id.starts_with("path+") {
                        sources.extend(filenames.iter().flat_map(|file| sources_of(file)));
                    }
                    libraries.add(&named, &package_id, &target, filenames);
                }
                Ok(Message::BuildScriptExecuted { linked_paths }) => {
                    libraries.paths.extend(linked_paths);
                }
                _ => {}
            }
        }
        let dependencies = wanted.target.join("debug/deps");
        libraries.paths.push(format!("dependency={}", dependencies.display()));
        libraries.paths.dedup();
        let own = ["Cargo.lock", "Cargo.toml", ".cargo/config.toml", "rust-toolchain.toml"];
        let manifest = format!("{folder}/Cargo.toml");
        let own = own.into_iter().chain([manifest.trim_start_matches('/')]).map(PathBuf::from);
        let made_of = sources.into_iter().chain(own).map(|path| wanted.root.join(path));
        libraries.made_of = made_of.map(|path| (path.clone(), modified(&path))).collect();
        Ok(libraries)
    }

    fn add(&mut self, wanted: &Named, id: &str, target: &Target, files: Vec<PathBuf>) {
        let is_library = |file: &PathBuf| {
            file.extension()
                .is_some_and(|it| it == "rlib" || it == "so" || it == "dylib" || it == "dll")
        };
        if !target.kind.iter().any(|kind| kind.ends_with("lib") || kind == "proc-macro") {
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

impl Wanted<'_> {
    /// Where it is kept which libraries these are; another compiler, or other flags
    /// in the environment, make others.
    fn kept(&self) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        (self.root, self.build, self.environment, self.package, self.also).hash(&mut hasher);
        for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTUP_TOOLCHAIN", "RUSTC", "CARGO"] {
            std::env::var_os(name).hash(&mut hasher);
        }
        self.target.join(format!("libraries-{:016x}.json", hasher.finish()))
    }
}

/// The sources of a library of this workspace, as rustc noted them beside it.
fn sources_of(library: &Path) -> Vec<PathBuf> {
    let stem = library.file_stem().unwrap_or_default().to_string_lossy();
    let noted = library.with_file_name(format!("{}.d", stem.trim_start_matches("lib")));
    let text = std::fs::read_to_string(noted).unwrap_or_default();
    // Each source is also a rule of its own, of nothing.
    let sources = text.lines().filter_map(|line| line.strip_suffix(':'));
    sources.map(|path| PathBuf::from(path.replace("\\ ", " "))).collect()
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut file, bytes)?;
    file.persist(path)?;
    Ok(())
}

/// So much of why they do not compile is told, in bytes.
const MOST_WORDS: usize = 16 << 10;

/// Has cargo build them, and returns its messages.
fn cargo(
    wanted: &Wanted<'_>,
    tell: Option<&mut dyn FnMut(&str)>,
) -> Result<Vec<u8>, LibrariesError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(wanted.build)
        .arg("--target-dir")
        .arg(wanted.target)
        .envs(wanted.environment)
        .current_dir(wanted.root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // In a terminal cargo draws a bar; what is told line by line goes through us.
        .stderr(if tell.is_some() { Stdio::piped() } else { Stdio::inherit() });
    let mut child = command.spawn().map_err(LibrariesError::Cargo)?;
    let mut stdout = child.stdout.take().expect("it is piped");
    let messages = std::thread::spawn(move || {
        let mut messages = Vec::new();
        stdout.read_to_end(&mut messages).map(|_| messages)
    });
    let mut why = String::new();
    if let (Some(tell), Some(stderr)) = (tell, child.stderr.take()) {
        for line in BufReader::new(stderr).split(b'\n') {
            let line = line.map_err(LibrariesError::Cargo)?;
            let line = String::from_utf8_lossy(&line);
            eprintln!("{line}");
            tell(line.trim());
            // From its first error on.
            if (!why.is_empty() || line.starts_with("error")) && why.len() < MOST_WORDS {
                why = why + &line + "\n";
            }
        }
    }
    let messages = messages.join().expect("reading does not panic");
    let status = child.wait().map_err(LibrariesError::Cargo)?;
    if !status.success() {
        return Err(LibrariesError::Build(why.trim_end().to_owned()));
    }
    messages.map_err(LibrariesError::Cargo)
}

/// Packages by name, with a version where the lock file has several of them.
pub type Named = Vec<(String, Option<String>)>;

/// What a package depends on, as the lock file has it: nothing, where there is none.
///
/// # Errors
///
/// The lock file cannot be read, or does not hold the package.
pub fn dependencies(root: &Path, package: &str) -> Result<Named, LibrariesError> {
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
    let text = match std::fs::read_to_string(root.join("Cargo.lock")) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(LibrariesError::Lock(error.to_string())),
    };
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
