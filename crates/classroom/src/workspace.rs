//! The exercises as they are in this repository, and the workspace in which
//! answers to them are compiled.
//!
//! A package is named after its exercise and the digest of its source, so
//! nothing that a student chose is in any path, and what several students
//! handed in is compiled once. Everything but `src/lib.rs` is ours.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use beliefs::Beliefs;
use exercises::damage;
use project::Project;
use project::files::unreadable;
use project::files::write_whole;
use project::locale::t;
use sha2::{Digest, Sha256};
use toml::{Table, Value};

/// It grows when the same answer may get another verdict from this grader.
const VERSION: u32 = 1;

/// An exercise of this repository.
#[derive(Debug)]
pub struct Exercise {
    /// Its name, which is also its library's and its test's.
    pub name: String,
    /// The file as it is handed out.
    pub starter: String,
    /// The file that must pass.
    pub solution: String,
    /// The beliefs that its wrong answers come from.
    pub beliefs: Beliefs,
    manifest: Table,
    /// Paths below `tests/`, with what is in them.
    tests: Vec<(PathBuf, Vec<u8>)>,
    /// Of everything that a verdict depends on besides the answer.
    digest: Sha256,
}

/// What can be compiled: an exercise with an answer to it.
#[derive(Debug, Clone)]
pub struct Package<'a> {
    /// The exercise.
    pub exercise: &'a Exercise,
    /// What is to be its `src/lib.rs`.
    pub source: &'a str,
    /// Names the answer together with all that its verdict depends on.
    pub key: String,
}

impl Package<'_> {
    /// The package's name.
    pub fn name(&self) -> String {
        format!("{}--{}", self.exercise.name, &self.key[..16])
    }
}

impl Exercise {
    /// Reads all exercises. One that lacks a file is left out, with a word to
    /// the teacher.
    ///
    /// # Errors
    ///
    /// The exercises cannot be listed.
    pub fn all(project: &Project) -> Result<Vec<Exercise>> {
        let common = common(project)?;
        let names = project.exercises()?;
        let mut exercises = Vec::new();
        for name in names {
            match Exercise::read(project, name.clone(), common.clone()) {
                Ok(exercise) => exercises.push(exercise),
                Err(error) => {
                    let damage = damage::of(&project.root, &name, &damage::all(&name));
                    let damage = damage.map_or(error, Into::into);
                    let left_out = t(format!("不评 {name}。"), format!("{name} is not graded."));
                    eprintln!("{damage} {left_out}");
                }
            }
        }
        Ok(exercises)
    }

    fn read(project: &Project, name: String, mut digest: Sha256) -> Result<Exercise> {
        let folder = project.root.join("exercises").join(&name);
        let text = |file: &str| {
            let path = folder.join(file);
            fs::read_to_string(&path).with_context(|| unreadable(&path))
        };
        let manifest = text("Cargo.toml")?;
        let tests = files(&folder.join("tests"))?;
        feed(&mut digest, "Cargo.toml", manifest.as_bytes());
        for (path, bytes) in &tests {
            feed(&mut digest, &path.to_string_lossy(), bytes);
        }
        // In a clone that a teacher works in, `src/lib.rs` may be an answer.
        let starter = text("starter.rs").or_else(|_| text("src/lib.rs"))?;
        let manifest = manifest.parse().with_context(|| unreadable(&folder.join("Cargo.toml")))?;
        let (solution, beliefs) = (text("solution.rs")?, Beliefs::of_exercise(&folder));
        Ok(Exercise { name, starter, solution, beliefs, manifest, tests, digest })
    }

    /// This exercise with an answer.
    pub fn package<'a>(&'a self, source: &'a str) -> Package<'a> {
        let mut digest = self.digest.clone();
        feed(&mut digest, "answer", source.as_bytes());
        Package { exercise: self, source, key: hex(digest) }
    }

    /// Whether an answer is the file as it was handed out.
    pub fn is_untouched(&self, source: &str) -> bool {
        source.lines().map(str::trim_end).eq(self.starter.lines().map(str::trim_end))
    }

    /// Where a test stands among the tests of the exercise.
    pub fn place_of(&self, test: &str) -> usize {
        let head = format!("fn {test}(");
        let places = self.tests.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).find(&head));
        places.flatten().next().unwrap_or(usize::MAX)
    }
}

/// The digest of what all exercises share: the harness, the lock file, the
/// flags, the compiler, the limit.
fn common(project: &Project) -> Result<Sha256> {
    let mut digest = Sha256::new();
    feed(&mut digest, "version", &VERSION.to_le_bytes());
    feed(&mut digest, "toolchain", toolchain(project)?.as_bytes());
    for file in ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "crates/grading/Cargo.toml"] {
        feed(&mut digest, file, &fs::read(project.root.join(file)).unwrap_or_default());
    }
    for (path, bytes) in files(&project.root.join("crates/grading/src"))? {
        feed(&mut digest, &path.to_string_lossy(), &bytes);
    }
    for variable in ["RUSTFLAGS", "WB_WALL_MS"] {
        let value = std::env::var_os(variable).unwrap_or_default();
        feed(&mut digest, variable, value.as_encoded_bytes());
    }
    Ok(digest)
}

/// The compiler's version, in its own words.
///
/// # Errors
///
/// rustc cannot be run.
pub fn toolchain(project: &Project) -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .arg("-vV")
        .current_dir(&project.root)
        .output()
        .context(t("无法运行 rustc", "cannot run rustc"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn feed(digest: &mut Sha256, what: &str, bytes: &[u8]) {
    digest.update(format!("{what}\0{}\0", bytes.len()));
    digest.update(bytes);
}

/// A digest as it is written.
pub fn hex(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files below a folder, sorted, by their paths in it.
fn files(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut found = Vec::new();
    for entry in folder.read_dir().with_context(|| unreadable(folder))? {
        let path = entry?.path();
        let name = PathBuf::from(path.file_name().unwrap_or_default());
        if path.is_dir() {
            found.extend(files(&path)?.into_iter().map(|(below, bytes)| (name.join(below), bytes)));
        } else {
            found.push((name, fs::read(&path).with_context(|| unreadable(&path))?));
        }
    }
    found.sort();
    Ok(found)
}

/// Writes a workspace of these packages into `folder`, and leaves alone what
/// is right already: cargo goes by the times of the files.
///
/// # Errors
///
/// `folder` cannot be written.
pub fn write(project: &Project, packages: &[Package<'_>], folder: &Path) -> Result<()> {
    let names: BTreeSet<String> = packages.iter().map(Package::name).collect();
    fs::create_dir_all(folder).with_context(|| unreadable(folder))?;
    for entry in folder.read_dir().with_context(|| unreadable(folder))? {
        let entry = entry?;
        if entry.path().is_dir() && !names.contains(&*entry.file_name().to_string_lossy()) {
            fs::remove_dir_all(entry.path()).with_context(|| unreadable(&entry.path()))?;
        }
    }
    for package in packages {
        write_package(package, &folder.join(package.name()))?;
    }

    let manifest = project.root.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).with_context(|| unreadable(&manifest))?;
    let mut manifest: Table = text.parse().with_context(|| unreadable(&manifest))?;
    // No exercise depends on what `[patch]` is there for.
    manifest.retain(|key, _| matches!(key, "workspace" | "profile"));
    let Some(workspace) = manifest.get_mut("workspace").and_then(Value::as_table_mut) else {
        bail!("Cargo.toml: [workspace]");
    };
    workspace.remove("default-members");
    workspace.insert("members".into(), names.into_iter().collect::<Vec<_>>().into());
    let dependencies = workspace.get_mut("dependencies").and_then(Value::as_table_mut);
    for (_, dependency) in dependencies.into_iter().flatten() {
        if let Some(path) = dependency.get_mut("path")
            && let Some(relative) = path.as_str()
        {
            *path = project.root.join(relative).to_string_lossy().into_owned().into();
        }
    }
    // Many binaries that run once and are never debugged: the smaller, the faster.
    let profile: Table =
        "[dev]\ndebug = false\nincremental = false\nstrip = \"symbols\"\n".parse()?;
    manifest.insert("profile".into(), profile.into());
    put(&folder.join("Cargo.toml"), manifest.to_string().as_bytes())?;
    // Cargo takes what it needs off the one lock file.
    let lock = project.root.join("Cargo.lock");
    put(&folder.join("Cargo.lock"), &fs::read(&lock).with_context(|| unreadable(&lock))?)
}

fn write_package(package: &Package<'_>, folder: &Path) -> Result<()> {
    let exercise = package.exercise;
    let mut manifest = exercise.manifest.clone();
    for (table, name) in [("package", package.name()), ("lib", exercise.name.clone())] {
        let table = manifest.entry(table).or_insert_with(|| Table::new().into());
        table.as_table_mut().context("Cargo.toml: a table")?.insert("name".into(), name.into());
    }
    put(&folder.join("Cargo.toml"), manifest.to_string().as_bytes())?;
    put(&folder.join("src/lib.rs"), package.source.as_bytes())?;
    for (path, bytes) in &exercise.tests {
        put(&folder.join("tests").join(path), bytes)?;
    }
    Ok(())
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    write_whole(path, bytes)
}

#[cfg(test)]
mod tests {
    use super::Exercise;
    use project::Project;
    use std::fs;

    #[test]
    fn a_damaged_exercise_leaves_the_others_to_be_graded() {
        let folder = tempfile::tempdir().expect("a folder");
        let put = |file: &str| {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, "[package]\n").expect("a file");
        };
        put("crates/grading/src/lib.rs");
        for name in ["cancel", "gather"] {
            for file in ["Cargo.toml", "starter.rs", "solution.rs"] {
                put(&format!("exercises/{name}/{file}"));
            }
            put(&format!("exercises/{name}/tests/{name}.rs"));
        }
        fs::remove_file(folder.path().join("exercises/cancel/solution.rs")).expect("it was there");
        let project = Project { root: folder.path().to_owned() };
        let exercises = Exercise::all(&project).expect("they can be listed");
        assert_eq!(exercises.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["gather"]);
    }
}
