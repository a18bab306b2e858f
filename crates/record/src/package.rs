//! Records a package of the reader's own, with its own dependencies.
//!
//! Nothing is written into its folder. A copy of its manifest, made from what
//! cargo tells of it, stands in a folder of ours with links to its files; there
//! tokio is [the recorder's](../../staged-tokio), and the main file has one line
//! more, without a line break, that begins the recording before `main`. Only the
//! package's own code is seen: what a dependency waits for is its own affair.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use recording::model::{Clock, SourceFile, Trace};
use serde::Deserialize;
use toml::{Table, Value};

use crate::compile::{Description, Source};
use crate::libraries::FLAGS;
use crate::{clock, root};

/// A package to be recorded.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its folder.
    pub folder: PathBuf,
    /// Which of its executables, if it has several.
    pub bin: Option<String>,
    /// What the program is called with.
    pub arguments: Vec<OsString>,
    /// The clock that it is to run on, if not the one that its code asks for.
    pub clock: Option<Clock>,
}

/// Why a package has no recording.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The folder has no manifest.
    #[error("{0} has no Cargo.toml")]
    NoManifest(PathBuf),
    /// Cargo does not understand the manifest; its own words.
    #[error("{0}")]
    Manifest(String),
    /// It has no executable, or several, or none of this name.
    #[error("which executable? it has {}", if .0.is_empty() { "none".to_owned() } else { .0.join(", ") })]
    Which(Vec<String>),
    /// It does not depend on tokio under this name.
    #[error("it does not depend on tokio, so there is nothing to record")]
    NoTokio,
    /// It does not compile; cargo has said why on standard error.
    #[error("it does not compile (see above)")]
    DoesNotCompile,
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Described>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Described {
    name: String,
    version: String,
    edition: String,
    manifest_path: PathBuf,
    default_run: Option<String>,
    features: BTreeMap<String, Vec<String>>,
    dependencies: Vec<Dependency>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
    src_path: PathBuf,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    source: Option<String>,
    req: String,
    kind: Option<String>,
    rename: Option<String>,
    optional: bool,
    uses_default_features: bool,
    features: Vec<String>,
    target: Option<String>,
    path: Option<PathBuf>,
}

/// Compiles and records a package's executable. `recorder` is the folder of this
/// workspace's crates, `target` a folder of ours. The trace may say that the
/// program failed; beside it, the text of all its files, through which its lines
/// are counted: where there are several, each under a line with its name.
///
/// # Errors
///
/// See [`PackageError`].
pub fn record(
    package: &Package,
    recorder: &Path,
    target: &Path,
    limit: Duration,
) -> Result<(Trace, String), PackageError> {
    let folder = fs::canonicalize(&package.folder).unwrap_or_else(|_| package.folder.clone());
    let (described, root) = describe(&folder)?;
    let bin = choose(&described, package.bin.as_deref())?;
    let others = check_tokio(&described)?;

    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    let packages = target.join("packages");
    let copy = packages.join(format!("{}-{:016x}", described.name, hasher.finish()));
    // Where nothing else is locked, as here: what is downloaded already.
    let locks =
        [folder.join("Cargo.lock"), root.join("Cargo.lock"), recorder.join("../Cargo.lock")];
    mirror(&described, &folder, &locks, &copy)?;

    let sources = sources(&folder, &bin.src_path, &copy)?;
    let text: String = sources.iter().map(|(_, text)| text.as_str()).collect();
    let why_real =
        clock::why_real(package.clock, || clock::package_needs_real_clock(&text, &others));
    let executable =
        build(&described, &profile(&root), &bin.name, recorder, &copy, &packages.join("target"))?;

    let main = bin.src_path.strip_prefix(&folder).unwrap_or(&bin.src_path);
    let program = Description {
        name: bin.name.replace('-', "_"),
        file: slashes(&package.folder.join(main)),
        files: sources.into_iter().map(|(source, _)| source).collect(),
        source: text.clone(),
        why_real,
        ..Description::default()
    };
    let command = || {
        let mut command = Command::new(&executable);
        command
            .args(&package.arguments)
            .env("CARGO_MANIFEST_DIR", &folder)
            .env("CARGO_PKG_NAME", &described.name)
            .env("CARGO_PKG_VERSION", &described.version);
        command
    };
    let trace = crate::perform(command, program, package.clock, limit)
        .map_err(|error| PackageError::File(executable.clone(), error))?;
    Ok((trace, text))
}

fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.stdin(Stdio::null());
    cargo
}

/// What cargo tells of the package, and its workspace's root.
fn describe(folder: &Path) -> Result<(Described, PathBuf), PackageError> {
    let manifest = folder.join("Cargo.toml");
    if !manifest.is_file() {
        return Err(PackageError::NoManifest(folder.to_owned()));
    }
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version=1", "--offline", "--manifest-path"])
        .arg(&manifest)
        .output()
        .map_err(|error| PackageError::File("cargo".into(), error))?;
    let said = || String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).map_err(|_| PackageError::Manifest(said()))?;
    let found = metadata
        .packages
        .into_iter()
        .find(|found| fs::canonicalize(&found.manifest_path).is_ok_and(|path| path == manifest));
    let found = found.ok_or_else(|| {
        PackageError::Manifest(format!("{} is a workspace without a package", manifest.display()))
    })?;
    Ok((found, metadata.workspace_root))
}

fn choose<'a>(described: &'a Described, name: Option<&str>) -> Result<&'a Target, PackageError> {
    let is_bin = |target: &&Target| target.kind.iter().any(|kind| kind == "bin");
    let bins: Vec<&Target> = described.targets.iter().filter(is_bin).collect();
    let name = name.or(described.default_run.as_deref());
    let chosen = match (name, &bins[..]) {
        (Some(name), _) => bins.iter().copied().find(|bin| bin.name == name),
        (None, [only]) => Some(*only),
        _ => None,
    };
    let names = || bins.iter().map(|bin| bin.name.clone()).collect();
    chosen.ok_or_else(|| PackageError::Which(names()))
}

/// The names of what it depends on beside tokio.
fn check_tokio(described: &Described) -> Result<Vec<String>, PackageError> {
    let of_program = |dependency: &&Dependency| dependency.kind.is_none();
    let is_tokio = |dependency: &Dependency| is_tokio(dependency);
    let (tokio, others): (Vec<_>, Vec<_>) =
        described.dependencies.iter().filter(of_program).partition(|it| is_tokio(it));
    if tokio.is_empty() {
        return Err(PackageError::NoTokio);
    }
    Ok(others.into_iter().map(|dependency| dependency.name.clone()).collect())
}

fn is_tokio(dependency: &Dependency) -> bool {
    dependency.name == "tokio" && dependency.rename.is_none()
}

/// Makes the copy: links to everything but the main file and the library's root,
/// which get their line when they are built.
fn mirror(
    described: &Described,
    folder: &Path,
    locks: &[PathBuf],
    copy: &Path,
) -> Result<(), PackageError> {
    let wrong = |path: &Path, error| PackageError::File(path.to_owned(), error);
    if copy.exists() {
        fs::remove_dir_all(copy).map_err(|error| wrong(copy, error))?;
    }
    let roots: Vec<&Path> = described
        .targets
        .iter()
        .filter(|target| target.kind.iter().any(|kind| kind == "bin" || kind.ends_with("lib")))
        .map(|target| target.src_path.as_path())
        .collect();
    link_folder(folder, copy, &roots)?;
    if let Some(lock) = locks.iter().find_map(|lock| fs::read(lock).ok()) {
        let place = copy.join("Cargo.lock");
        fs::write(&place, lock).map_err(|error| wrong(&place, error))?;
    }
    for target in &described.targets {
        let Ok(inside) = target.src_path.strip_prefix(folder) else { continue };
        if !roots.contains(&target.src_path.as_path()) {
            continue;
        }
        let is_bin = target.kind.iter().any(|kind| kind == "bin");
        let text =
            fs::read_to_string(&target.src_path).map_err(|error| wrong(&target.src_path, error))?;
        let place = copy.join(inside);
        fs::write(&place, root::with_line(&text, is_bin, ""))
            .map_err(|error| wrong(&place, error))?;
    }
    Ok(())
}

/// Links what is in a folder; a folder on the way to one of the roots is made,
/// and the roots themselves are left out.
fn link_folder(from: &Path, to: &Path, roots: &[&Path]) -> Result<(), PackageError> {
    fs::create_dir_all(to).map_err(|error| PackageError::File(to.to_owned(), error))?;
    let entries = from.read_dir().map_err(|error| PackageError::File(from.to_owned(), error))?;
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let is_ours = ["Cargo.toml", "Cargo.lock", "target", ".git"].iter().any(|own| name == *own);
        if is_ours || roots.contains(&path.as_path()) {
            continue;
        }
        let place = to.join(&name);
        if roots.iter().any(|root| root.starts_with(&path)) {
            link_folder(&path, &place, roots)?;
        } else {
            link(&path, &place).map_err(|error| PackageError::File(place, error))?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(|_| ());
    }
    fs::create_dir_all(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        link(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// The package's own files, the main file first, each with its text; and under
/// which names the compiler may know them.
fn sources(folder: &Path, main: &Path, copy: &Path) -> Result<Vec<(Source, String)>, PackageError> {
    let mut paths = Vec::new();
    let of_code = main.parent().unwrap_or(folder);
    let top =
        if of_code.ends_with("src/bin") { of_code.parent().unwrap_or(of_code) } else { of_code };
    let mut folders = vec![top.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in next.read_dir().into_iter().flatten().flatten() {
            let (path, kind) = (entry.path(), entry.file_type());
            if kind.is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths.sort_by_key(|path| path != main);
    let mut before = 0;
    let mut all = Vec::new();
    let several = paths.len() > 1;
    for path in paths {
        let mut text =
            fs::read_to_string(&path).map_err(|error| PackageError::File(path.clone(), error))?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let inside = path.strip_prefix(folder).unwrap_or(&path);
        let name = slashes(inside);
        let paths = vec![name.clone(), slashes(&copy.join(inside))];
        let lines = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
        if several {
            text.insert_str(0, &format!("// ----- {name} -----\n"));
            before += 1;
        }
        all.push((Source { shown: SourceFile { name, before }, paths }, text));
        before = before.saturating_add(lines);
    }
    Ok(all)
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Writes the copy's manifest and has cargo build it: with the recorder's own
/// handles and channels, or if that does not compile, with tokio's.
fn build(
    described: &Described,
    profile: &Table,
    bin: &str,
    recorder: &Path,
    copy: &Path,
    target: &Path,
) -> Result<PathBuf, PackageError> {
    let manifest = copy.join("Cargo.toml");
    // What the first try says of an error is not what a reader knows: it goes to
    // the messages, which nobody reads.
    for (plain, messages) in [(false, "json"), (true, "json-render-diagnostics")] {
        let text = self::manifest(described, profile, recorder, copy, plain).to_string();
        fs::write(&manifest, text).map_err(|error| PackageError::File(manifest.clone(), error))?;
        let output = cargo()
            .args(["build", "--message-format", messages, "--bin", bin])
            .arg("--target-dir")
            .arg(target)
            .env(FLAGS.0, format!("{}\u{1f}--cap-lints=allow", FLAGS.1))
            .current_dir(copy)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| PackageError::File("cargo".into(), error))?;
        if !output.status.success() {
            continue;
        }
        #[derive(Deserialize)]
        struct Message {
            executable: Option<PathBuf>,
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut messages =
            text.lines().rev().filter_map(|line| serde_json::from_str::<Message>(line).ok());
        if let Some(executable) = messages.find_map(|message| message.executable) {
            return Ok(executable);
        }
    }
    Err(PackageError::DoesNotCompile)
}

fn manifest(
    described: &Described,
    profile: &Table,
    recorder: &Path,
    copy: &Path,
    plain: bool,
) -> Table {
    let mut package = Table::new();
    package.insert("name".into(), described.name.clone().into());
    package.insert("version".into(), described.version.clone().into());
    package.insert("edition".into(), described.edition.clone().into());
    package.insert("autobins".into(), false.into());
    package.insert("autoexamples".into(), false.into());
    package.insert("autotests".into(), false.into());
    package.insert("autobenches".into(), false.into());
    let mut manifest = Table::new();
    let folder = described.manifest_path.parent().unwrap_or(copy);
    let inside = |path: &Path| slashes(path.strip_prefix(folder).unwrap_or(path));
    let mut bins = Vec::new();
    for target in &described.targets {
        let mut entry = Table::new();
        entry.insert("path".into(), inside(&target.src_path).into());
        entry.insert("name".into(), target.name.clone().into());
        match target.kind.first().map(String::as_str) {
            Some("bin") => bins.push(Value::Table(entry)),
            Some("custom-build") => {
                package.insert("build".into(), inside(&target.src_path).into());
            }
            Some("lib" | "rlib") => {
                manifest.insert("lib".into(), entry.into());
            }
            Some("proc-macro") => {
                entry.insert("proc-macro".into(), true.into());
                manifest.insert("lib".into(), entry.into());
            }
            _ => {}
        }
    }
    manifest.insert("bin".into(), bins.into());
    manifest.insert("package".into(), package.into());
    // A workspace of its own, wherever the copy lies.
    manifest.insert("workspace".into(), Table::new().into());
    let mut own = Table::new();
    own.insert("package".into(), "recorder".into());
    own.insert("path".into(), slashes(&recorder.join("recorder")).into());
    for (section, kind) in [("dependencies", None), ("build-dependencies", Some("build"))] {
        let mut everywhere = Table::new();
        if kind.is_none() {
            everywhere.insert("recorder".into(), own.clone().into());
        }
        let mut targets = Table::new();
        for dependency in described.dependencies.iter().filter(|it| it.kind.as_deref() == kind) {
            let name = dependency.rename.as_ref().unwrap_or(&dependency.name).clone();
            let entry = match kind.is_none() && is_tokio(dependency) {
                true => staged(dependency, recorder, plain),
                false => plainly(dependency),
            };
            match &dependency.target {
                None => everywhere.insert(name, entry),
                Some(target) => {
                    let of_target = targets.entry(target.clone()).or_insert(Table::new().into());
                    let of_target = of_target.as_table_mut().expect("made above");
                    let of_section = of_target.entry(section).or_insert(Table::new().into());
                    of_section.as_table_mut().expect("made above").insert(name, entry)
                }
            };
        }
        if !everywhere.is_empty() {
            manifest.insert(section.into(), everywhere.into());
        }
        if !targets.is_empty() {
            manifest.insert("target".into(), targets.into());
        }
    }
    let mut features = Table::new();
    for (name, parts) in &described.features {
        // A feature of tokio's: the staged one has them all.
        let parts = parts.iter().filter(|part| !part.starts_with("tokio/"));
        features.insert(name.clone(), parts.cloned().collect::<Vec<_>>().into());
    }
    manifest.insert("features".into(), features.into());
    let mut dev = Table::new();
    dev.insert("debug".into(), "line-tables-only".into());
    let mut of_packages = Table::new();
    let mut all = Table::new();
    all.insert("debug".into(), false.into());
    of_packages.insert("*".into(), all.into());
    for name in OPTIMIZED {
        let mut fast = Table::new();
        fast.insert("opt-level".into(), 3.into());
        of_packages.insert((*name).into(), fast.into());
    }
    dev.insert("package".into(), of_packages.into());
    // Its own profile, but for what the recorder needs.
    let mut profile = profile.clone();
    let own = profile.entry("dev").or_insert(Table::new().into());
    if let Some(own) = own.as_table_mut() {
        own.remove("strip");
        own.extend(dev);
    }
    manifest.insert("profile".into(), profile.into());
    manifest
}

/// The profiles that the workspace's manifest sets.
fn profile(root: &Path) -> Table {
    let text = fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    let manifest: Table = toml::from_str(&text).unwrap_or_default();
    manifest.get("profile").and_then(Value::as_table).cloned().unwrap_or_default()
}

/// What reads call stacks; as in this workspace's manifest.
const OPTIMIZED: &[&str] =
    &["addr2line", "adler2", "backtrace", "gimli", "miniz_oxide", "object", "rustc-demangle"];

fn staged(dependency: &Dependency, recorder: &Path, plain: bool) -> Value {
    let mut entry = Table::new();
    let (name, folder) = if plain {
        ("plain-tokio", "staged-tokio/plain")
    } else {
        ("staged-tokio", "staged-tokio")
    };
    entry.insert("package".into(), name.into());
    entry.insert("path".into(), slashes(&recorder.join(folder)).into());
    if dependency.optional {
        entry.insert("optional".into(), true.into());
    }
    entry.into()
}

fn plainly(dependency: &Dependency) -> Value {
    let mut entry = Table::new();
    if dependency.rename.is_some() {
        entry.insert("package".into(), dependency.name.clone().into());
    }
    if let Some(path) = &dependency.path {
        entry.insert("path".into(), slashes(path).into());
    } else if let Some(git) = dependency.source.as_deref().and_then(|it| it.strip_prefix("git+")) {
        let (git, revision) = git.split_once('?').unwrap_or((git, ""));
        entry.insert("git".into(), git.into());
        if let Some((key, value)) = revision.split_once('=') {
            entry.insert(key.into(), value.into());
        }
    } else {
        entry.insert("version".into(), dependency.req.clone().into());
    }
    if !dependency.features.is_empty() {
        entry.insert("features".into(), dependency.features.clone().into());
    }
    if !dependency.uses_default_features {
        entry.insert("default-features".into(), false.into());
    }
    if dependency.optional {
        entry.insert("optional".into(), true.into());
    }
    entry.into()
}
