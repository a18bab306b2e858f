//! What is wrong with an exercise's files, and how it is mended, in one
//! sentence. A learner's exercise costs nobody but itself, whatever became of
//! its files.

use std::error::Error;
use std::fmt;
use std::fs;
use std::path::Path;

use project::Project;
use project::locale::{Language, language};

/// A file of an exercise that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The exercise.
    pub exercise: String,
    /// The file, or the folder that should hold it, from the project's root.
    path: String,
    fault: Fault,
    /// Whether there is a git repository to take it from.
    in_git: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    Missing,
    NoFile,
    NoFolder,
    NotUtf8,
    NotToml,
    Forbidden,
    /// The system's words.
    Unreadable(String),
}

/// All files of an exercise that a command or a page needs.
pub fn all(name: &str) -> Vec<String> {
    let tests = tests(name);
    let files = ["Cargo.toml", ANSWER, "starter.rs", "solution.rs", &tests];
    let texts = ["statement.zh.md", "statement.en.md", "hints.zh.md", "hints.en.md"];
    files.into_iter().chain(texts).map(str::to_owned).collect()
}

/// Those that a verdict needs.
pub fn to_check(name: &str) -> Vec<String> {
    vec![MANIFEST.to_owned(), ANSWER.to_owned(), tests(name)]
}

/// The learner's file.
pub const ANSWER: &str = "src/lib.rs";

/// What cargo reads of every exercise, whichever it compiles.
pub const MANIFEST: &str = "Cargo.toml";

/// The file of an exercise's tests.
pub fn tests(name: &str) -> String {
    format!("tests/{name}.rs")
}

/// The first of these files of an exercise that is damaged.
pub fn of(root: &Path, exercise: &str, files: &[String]) -> Option<Damage> {
    files.iter().find_map(|file| match file.as_str() {
        // What a learner writes may be anything: rustc says what is wrong with it.
        ANSWER => bytes(root, exercise, file).err(),
        MANIFEST => manifest(root, exercise).err(),
        _ => text(root, exercise, file).err(),
    })
}

/// What a file of an exercise holds.
///
/// # Errors
///
/// It is not there, is no file, or cannot be read.
pub fn bytes(root: &Path, exercise: &str, file: &str) -> Result<Vec<u8>, Damage> {
    let shown = format!("exercises/{exercise}/{file}");
    // From the top: what is wrong is the first that is wrong.
    for (end, _) in shown.match_indices('/').skip(1) {
        let folder = &shown[..end];
        match fs::metadata(root.join(folder)) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Err(damage(root, exercise, folder, Fault::NoFolder)),
            Err(error) => return Err(damage(root, exercise, folder, fault(&error))),
        }
    }
    let path = root.join(&shown);
    let read = match fs::metadata(&path) {
        // A pipe would never end.
        Ok(found) if !found.is_file() => Err(Fault::NoFile),
        Ok(_) => fs::read(&path).map_err(|error| fault(&error)),
        Err(error) => Err(fault(&error)),
    };
    read.map_err(|fault| damage(root, exercise, &shown, fault))
}

/// The same for a file that is text.
///
/// # Errors
///
/// As [`bytes`], or it is not UTF-8.
pub fn text(root: &Path, exercise: &str, file: &str) -> Result<String, Damage> {
    String::from_utf8(bytes(root, exercise, file)?).map_err(|_| {
        damage(root, exercise, &format!("exercises/{exercise}/{file}"), Fault::NotUtf8)
    })
}

fn manifest(root: &Path, exercise: &str) -> Result<(), Damage> {
    let text = text(root, exercise, MANIFEST)?;
    let found: Option<toml::Table> = text.parse().ok();
    if found.is_some_and(|table| table.contains_key("package")) {
        return Ok(());
    }
    Err(damage(root, exercise, &format!("exercises/{exercise}/{MANIFEST}"), Fault::NotToml))
}

fn fault(error: &std::io::Error) -> Fault {
    match error.kind() {
        std::io::ErrorKind::NotFound => Fault::Missing,
        std::io::ErrorKind::PermissionDenied => Fault::Forbidden,
        _ => Fault::Unreadable(error.to_string()),
    }
}

fn damage(root: &Path, exercise: &str, path: &str, fault: Fault) -> Damage {
    let in_git = root.join(".git").exists();
    Damage { exercise: exercise.to_owned(), path: path.to_owned(), fault, in_git }
}

impl Damage {
    /// The sentence, in this language.
    pub fn sentence(&self, language: Language) -> String {
        let Self { path, .. } = self;
        let (fault, consequence, mend) =
            (self.fault(language), self.consequence(language), self.mend(language));
        match language {
            Language::Chinese => format!("{path} {fault}{consequence}；{mend}。"),
            Language::English => format!("{path} {fault}{consequence}; {mend}."),
        }
    }

    fn fault(&self, language: Language) -> String {
        let (zh, en) = match &self.fault {
            Fault::Missing => ("不见了", "is missing"),
            Fault::NoFile => ("不是文件", "is not a file"),
            Fault::NoFolder => ("不是文件夹", "is not a folder"),
            Fault::NotUtf8 => ("不是 UTF-8 文本", "is not UTF-8 text"),
            Fault::NotToml => ("不是 cargo 能读的 TOML", "is not TOML that cargo can read"),
            Fault::Forbidden => ("没有权限读", "may not be read"),
            Fault::Unreadable(error) => {
                return language
                    .pick(format!("读不了（{error}）"), format!("cannot be read ({error})"));
            }
        };
        language.pick(zh, en).to_owned()
    }

    fn consequence(&self, language: Language) -> &'static str {
        let whole_workspace = self.path.ends_with("/Cargo.toml");
        let (zh, en) = match whole_workspace {
            true => ("，整个项目都编译不了", ", and cargo compiles nothing of the project"),
            false => ("", ""),
        };
        language.pick(zh, en)
    }

    fn mend(&self, language: Language) -> String {
        let Self { exercise, path, .. } = self;
        let own = format!("exercises/{exercise}/src");
        if path.starts_with(&own) {
            return language.pick(
                format!("cargo run -- reset {exercise} 会放回起始文件"),
                format!("cargo run -- reset {exercise} puts the starter there"),
            );
        }
        let first = match self.fault {
            Fault::Missing | Fault::NotUtf8 | Fault::NotToml => "",
            Fault::Forbidden => {
                return language
                    .pick("请用 chmod 给自己读的权限", "give yourself that right with chmod")
                    .to_owned();
            }
            _ => language.pick("先把它移走，再", "move it away, then "),
        };
        if self.in_git {
            language.pick(
                format!("{first}用 git checkout -- {path} 恢复"),
                format!("{first}restore it with git checkout -- {path}"),
            )
        } else {
            language.pick(
                format!("{first}从练习册的一份新副本里取回来"),
                format!("{first}take it from a fresh copy of the workbook"),
            )
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentence(language()))
    }
}

impl Error for Damage {}

/// Says on standard error which exercises have no part on their pages.
///
/// # Errors
///
/// The exercises cannot be listed.
pub fn tell(project: &Project) -> anyhow::Result<()> {
    for name in project.exercises()? {
        let files: Vec<String> = all(&name)
            .into_iter()
            .filter(|file| file.ends_with(".md") || file == "starter.rs")
            .collect();
        if let Some(damage) = of(&project.root, &name, &files) {
            eprintln!("{damage}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of `starter.rs` and of the answer, in English.
    fn said(make: impl Fn(&Path)) -> [Option<String>; 2] {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("exercises/gather");
        fs::create_dir_all(folder.join("src")).expect("a folder");
        for file in ["starter.rs", ANSWER] {
            fs::write(folder.join(file), "fn main() {}\n").expect("a file");
        }
        make(&folder);
        ["starter.rs", ANSWER].map(|file| {
            let found = of(root.path(), "gather", &[file.to_owned()]);
            found.map(|damage| damage.sentence(Language::English))
        })
    }

    #[test]
    fn what_is_whole_is_not_damaged() {
        assert_eq!(said(|_| {}), [None, None]);
        // The learner's file may hold anything.
        assert_eq!(
            said(|folder| fs::write(folder.join(ANSWER), b"\xff").expect("a file")),
            [None, None]
        );
    }

    #[test]
    fn each_fault_has_its_sentence() {
        let [starter, answer] = said(|folder| {
            fs::remove_file(folder.join("starter.rs")).expect("it was there");
            fs::remove_dir_all(folder.join("src")).expect("it was there");
            fs::write(folder.join("src"), "").expect("a file");
        });
        assert_eq!(
            starter.as_deref(),
            Some(
                "exercises/gather/starter.rs is missing; take it from a fresh copy of the workbook."
            )
        );
        assert_eq!(
            answer.as_deref(),
            Some(
                "exercises/gather/src is not a folder; cargo run -- reset gather puts the starter there."
            )
        );
        let [starter, answer] = said(|folder| {
            fs::create_dir(folder.parent().expect("exercises").join("../.git")).expect("a folder");
            fs::remove_file(folder.join("starter.rs")).expect("it was there");
            fs::create_dir(folder.join("starter.rs")).expect("a folder");
            fs::remove_dir_all(folder.join("src")).expect("it was there");
        });
        assert_eq!(
            starter.as_deref(),
            Some(
                "exercises/gather/starter.rs is not a file; move it away, then restore it with \
                 git checkout -- exercises/gather/starter.rs."
            )
        );
        assert_eq!(
            answer.as_deref(),
            Some(
                "exercises/gather/src is missing; cargo run -- reset gather puts the starter there."
            )
        );
        let [starter, _] = said(|folder| fs::remove_dir_all(folder).expect("it was there"));
        assert_eq!(
            starter.as_deref(),
            Some("exercises/gather is missing; take it from a fresh copy of the workbook.")
        );
    }
}
