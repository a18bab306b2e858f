//! Where things are: one name leads to a chapter, a program, a twin, a snapshot.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::edition::{EDITIONS, Edition};
use crate::files::{self, unreadable};
use crate::locale::t;
use crate::names;

/// Where the recordings lie, from the root of the book.
pub const RECORDINGS: &str = "recordings";

/// The workbook's folder on this machine.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder that holds `book.toml`.
    pub root: PathBuf,
}

impl Project {
    /// Finds the project around the current folder, or else the one that this
    /// executable was compiled in.
    ///
    /// # Errors
    ///
    /// Neither folder holds a `book.toml` beside `src/zh`.
    pub fn find() -> Result<Project> {
        let current = std::env::current_dir().context("cannot tell the current folder")?;
        let compiled = Path::new(env!("CARGO_MANIFEST_DIR"));
        current
            .ancestors()
            .chain(compiled.ancestors())
            .find(|folder| folder.join("book.toml").is_file() && folder.join("src/zh").is_dir())
            .map(|root| Project { root: root.to_owned() })
            .with_context(|| {
                t(
                    "找不到练习册：请在它的文件夹里运行（里面有 book.toml 和 src/zh）。",
                    "The workbook is not here: run this inside its folder (the one with book.toml and src/zh).",
                )
            })
    }

    /// The Markdown sources of an edition.
    pub fn sources(&self, edition: Edition) -> PathBuf {
        self.root.join("src").join(edition.folder)
    }

    /// Where the command keeps what it can make again.
    pub fn scratch(&self) -> PathBuf {
        target_folder(&self.root).join("workbook")
    }

    /// Writes a file of the book as [`files::write_whole`] does: no folder on the way
    /// to it, from the root of the book on, may be a link either.
    ///
    /// # Errors
    ///
    /// The folder cannot be written, or a link stands in the way.
    pub fn write_own(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        self.expect_own_folders(path)?;
        files::write_whole(path, bytes)
    }

    /// Checks that no folder on the way to a file of the book is a link.
    ///
    /// # Errors
    ///
    /// One is: a sentence that says what to do.
    pub fn expect_own_folders(&self, path: &Path) -> Result<()> {
        let mut folders = path.ancestors().skip(1).take_while(|folder| *folder != self.root);
        folders.try_for_each(files::expect_no_link)
    }

    /// A path as a reader types it: from the project's root, with slashes.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }

    /// A program's recording.
    pub fn recording(&self, name: &str) -> PathBuf {
        self.root.join(RECORDINGS).join(format!("{name}.json"))
    }

    /// The recording of a change that a page proposes to a program.
    pub fn changed_recording(&self, name: &str, id: &str) -> PathBuf {
        self.root.join(RECORDINGS).join(name).join(format!("{id}.json"))
    }

    /// A program's source: in `examples/`, or among the applications.
    pub fn program(&self, name: &str) -> PathBuf {
        let light = self.root.join(format!("examples/{name}.rs"));
        let heavy = self.root.join(format!("examples/applications/{name}.rs"));
        if heavy.is_file() { heavy } else { light }
    }

    /// A program's Python twin, beside it.
    pub fn twin(&self, name: &str) -> PathBuf {
        self.program(name).with_extension("py")
    }

    /// The name of the root's package.
    ///
    /// # Errors
    ///
    /// The root's manifest cannot be read, or names none.
    pub fn package(&self) -> Result<String> {
        let path = self.root.join("Cargo.toml");
        let text = std::fs::read_to_string(&path).with_context(|| files::unreadable(&path))?;
        let manifest: toml::Table = text.parse().with_context(|| path.display().to_string())?;
        let name = manifest.get("package").and_then(|it| it.get("name")).and_then(|it| it.as_str());
        Ok(name.with_context(|| format!("{}: no package", path.display()))?.to_owned())
    }

    /// The names of the programs that are no applications, sorted.
    ///
    /// # Errors
    ///
    /// `Cargo.toml` or the folder `examples` cannot be read.
    pub fn light_programs(&self) -> Result<Vec<String>> {
        listed(&self.root, &self.root.join("examples"))
    }

    /// A program of the reader's own: its file, and its path from the root. They
    /// have a place where they may be anything, and some lie beside the book's.
    pub fn own_program(&self, name: &str) -> Option<(PathBuf, String)> {
        if !name.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
            return None;
        }
        let is_the_books = || self.programs().is_ok_and(|all| all.iter().any(|it| it == name));
        let places = [format!("{OWN_PROGRAMS}/{name}.rs"), format!("examples/{name}.rs")];
        let found = places.into_iter().map(|file| (self.root.join(&file), file));
        let mut found = found.filter(|(path, _)| path.is_file());
        found.next().filter(|(_, file)| file.starts_with(OWN_PROGRAMS) || !is_the_books())
    }

    /// Whether a program is one of the applications.
    pub fn is_application(&self, name: &str) -> bool {
        self.root.join(format!("examples/applications/{name}.rs")).is_file()
    }

    /// The names of all programs, sorted.
    ///
    /// # Errors
    ///
    /// The folder `examples` cannot be read.
    pub fn programs(&self) -> Result<Vec<String>> {
        let mut names = self.light_programs()?;
        let applications = self.root.join("examples/applications");
        if applications.is_dir() {
            names.extend(listed(&applications, &applications)?);
        }
        names.sort();
        Ok(names)
    }

    /// The names of an edition's pages (its `.md` files less `SUMMARY.md`), sorted.
    ///
    /// # Errors
    ///
    /// The edition's folder cannot be read.
    pub fn pages(&self, edition: Edition) -> Result<Vec<String>> {
        let mut names = stems(&self.sources(edition), "md")?;
        names.retain(|name| name != "SUMMARY");
        Ok(names)
    }

    /// Checks that a program exists.
    ///
    /// # Errors
    ///
    /// It does not: one sentence with the nearest names.
    pub fn expect_program(&self, name: &str) -> Result<()> {
        let known = self.programs()?;
        if !known.iter().any(|program| program == name) {
            bail!(names::unknown(("示例", "example"), name, known.iter().map(String::as_str)));
        }
        Ok(())
    }

    /// The names of all exercises, sorted: those that have a folder, and those
    /// that a chapter asks for, so that a lost one is not unknown.
    ///
    /// # Errors
    ///
    /// The folder `exercises` is there and cannot be read.
    pub fn exercises(&self) -> Result<Vec<String>> {
        let folder = self.root.join("exercises");
        let mut names = self.asked_for();
        let entries = match folder.read_dir() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(names.into_iter().collect());
            }
            entries => entries.with_context(|| unreadable(&folder))?,
        };
        for entry in entries {
            let entry = entry?;
            if has_exercise(&entry.path()) {
                names.insert(entry.file_name().to_string_lossy().into_owned());
            }
        }
        Ok(names.into_iter().collect())
    }

    /// The exercises that the chapters ask for.
    fn asked_for(&self) -> BTreeSet<String> {
        let asks = |name: &String| {
            let page = self.sources(EDITIONS[0]).join(format!("{name}.md"));
            let ask = format!("<!-- cmdrun workbook page exercise {name} -->");
            std::fs::read_to_string(page).is_ok_and(|page| page.contains(&ask))
        };
        let pages = self.pages(EDITIONS[0]).unwrap_or_default();
        pages.into_iter().filter(asks).collect()
    }

    /// Checks that an exercise exists.
    ///
    /// # Errors
    ///
    /// It does not: one sentence with the nearest names.
    pub fn expect_exercise(&self, name: &str) -> Result<()> {
        // Each page asks, and the list is long in the making.
        let is_plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if is_plain && has_exercise(&self.root.join("exercises").join(name)) {
            return Ok(());
        }
        let known = self.exercises()?;
        if !known.iter().any(|exercise| exercise == name) {
            bail!(names::unknown(("练习", "exercise"), name, known.iter().map(String::as_str)));
        }
        Ok(())
    }

    /// Checks that a chapter or another page exists.
    ///
    /// # Errors
    ///
    /// It does not: one sentence with the nearest names.
    pub fn expect_page(&self, name: &str) -> Result<()> {
        let known = self.pages(EDITIONS[0])?;
        if !known.iter().any(|page| page == name) {
            bail!(names::unknown(("章节", "chapter"), name, known.iter().map(String::as_str)));
        }
        Ok(())
    }
}

/// Whether there is an exercise in a folder, or what is left of one.
fn has_exercise(folder: &Path) -> bool {
    let parts = ["Cargo.toml", "starter.rs", "solution.rs", "src"];
    parts.iter().any(|part| folder.join(part).exists())
}

/// Cargo's target folder: `CARGO_TARGET_DIR` if set, else `target`.
pub fn target_folder(root: &Path) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    }
}

/// Where a reader's own programs lie, from the root.
pub const OWN_PROGRAMS: &str = "examples/own/src/bin";

/// The programs that a package names as its examples: these are the book's, and
/// what else lies in the folder is somebody's own.
fn listed(package: &Path, folder: &Path) -> Result<Vec<String>> {
    let path = package.join("Cargo.toml");
    let text = std::fs::read_to_string(&path).with_context(|| unreadable(&path))?;
    // Hundreds of parts of pages ask for this: no parser, where two words will do.
    let name = |example: &str| {
        let line = example.lines().find_map(|line| line.trim().strip_prefix("name"))?;
        Some(line.split('"').nth(1)?.to_owned())
    };
    let mut names: Vec<String> = text.split("[[example]]").skip(1).filter_map(name).collect();
    if names.is_empty() {
        // Cargo finds them by itself, then.
        return stems(folder, "rs");
    }
    names.sort();
    Ok(names)
}

/// The names of a folder's files with this ending, sorted.
fn stems(folder: &Path, ending: &str) -> Result<Vec<String>> {
    let entries = folder.read_dir().with_context(|| unreadable(folder))?;
    let mut names = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_file() && path.extension().is_some_and(|found| found == ending) {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}
