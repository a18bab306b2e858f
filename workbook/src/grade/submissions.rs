//! What the students handed in: for each exercise one source file, and
//! nothing else of a submission.
//!
//! A submission is a folder or a `.zip` in the folder of submissions; its name
//! is the student's. An exercise's source is found, at most [`DEPTH`] folders
//! down, as the first of
//!
//! 1. `exercises/NAME/src/lib.rs`, as in a clone of the workbook,
//! 2. `NAME/src/lib.rs`,
//! 3. `NAME.rs`, unless it lies below a folder `tests`, `examples` or `wrong`;
//!
//! among equals the one that lies least deep, then the first by name. Hidden
//! folders and `target` are not looked into. No link is followed, nothing of
//! an archive is unpacked, and no more of a file is read than may be graded.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use grading::Text;
use zip::ZipArchive;

use crate::locale::t;
use crate::project::unreadable;

/// The largest source that is graded, in bytes.
pub const LARGEST_SOURCE: u64 = 256 << 10;
/// The largest archive that is opened, in bytes.
pub const LARGEST_ARCHIVE: u64 = 20 << 20;
/// How many files and folders of one submission are looked at.
pub const MOST_ENTRIES: usize = 20_000;
/// How deep a submission is searched.
pub const DEPTH: usize = 10;

/// What one student handed in.
#[derive(Debug)]
pub struct Submission {
    /// The folder's name, or the archive's without `.zip`.
    pub name: String,
    /// For each exercise that was found, its source or why it is not graded.
    pub answers: BTreeMap<String, Found>,
    /// What was left out, for the teacher and the student.
    pub notes: Vec<Text>,
    /// Why nothing could be read at all.
    pub unreadable: Option<Text>,
}

/// An exercise's file in a submission.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it lies in the submission.
    pub file: String,
    /// Its text, or why it is refused.
    pub source: Result<String, Text>,
}

/// All submissions, by name, and what lies among them but is none.
#[derive(Debug)]
pub struct Submissions {
    /// Sorted by name.
    pub all: Vec<Submission>,
    /// Files beside them that were ignored.
    pub ignored: Vec<String>,
}

/// Reads every submission in `folder`. A bad one is noted and stops nothing.
///
/// # Errors
///
/// `folder` is not a folder, cannot be read, or holds no submission.
pub fn read(folder: &Path, exercises: &BTreeSet<String>) -> Result<Submissions> {
    let shown = folder.display();
    if !folder.is_dir() {
        bail!(t(
            format!("{shown} 不是文件夹；请给出装着学生作业的文件夹。"),
            format!("{shown} is not a folder; name the one that holds the submissions."),
        ));
    }
    let mut paths = Vec::new();
    for entry in folder.read_dir().with_context(|| unreadable(folder))? {
        paths.push(entry.with_context(|| unreadable(folder))?.path());
    }
    // A folder comes before the archive of the same name.
    paths.sort_by_key(|path| (is_archive(path), path.clone()));

    let mut found: BTreeMap<String, Submission> = BTreeMap::new();
    let mut ignored = Vec::new();
    for path in paths {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = match is_archive(&path) {
            true => path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            false => file.clone(),
        };
        let Ok(kind) = path.symlink_metadata() else { continue };
        let is_submission = kind.is_dir() || kind.is_file() && is_archive(&path);
        if file.starts_with('.') || found.contains_key(&name) || !is_submission {
            ignored.push(file);
            continue;
        }
        let tree = if kind.is_dir() { in_folder(&path) } else { in_archive(&path) };
        found.insert(name.clone(), submission(name, tree, exercises));
    }
    if found.is_empty() {
        bail!(t(
            format!("{shown} 里没有作业；每个学生应有一个文件夹或 .zip。"),
            format!("{shown} holds no submission: a folder or a .zip for each student."),
        ));
    }
    Ok(Submissions { all: found.into_values().collect(), ignored })
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

/// A submission whose files are listed and not read yet.
struct Tree {
    files: Vec<Listed>,
    notes: Vec<Text>,
    content: Content,
}

struct Listed {
    /// The path's parts, below the submission.
    parts: Vec<String>,
    kind: Kind,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Link,
    Other,
}

enum Place {
    Path(PathBuf),
    Index(usize),
}

enum Content {
    Folder,
    Archive(Box<ZipArchive<File>>),
}

fn submission(name: String, tree: Result<Tree, Text>, exercises: &BTreeSet<String>) -> Submission {
    let mut tree = match tree {
        Ok(tree) => tree,
        Err(why) => {
            let (answers, notes) = (BTreeMap::new(), Vec::new());
            return Submission { name, answers, notes, unreadable: Some(why) };
        }
    };
    let mut best: BTreeMap<&str, (Rank, &Listed)> = BTreeMap::new();
    for file in &tree.files {
        let Some((exercise, rank)) = rank(&file.parts, exercises) else { continue };
        let better = best.get(exercise).is_none_or(|(kept, _)| rank < *kept);
        if better {
            best.insert(exercise, (rank, file));
        }
    }
    let answers = best
        .into_iter()
        .map(|(exercise, (_, file))| {
            let source = source(file, &mut tree.content);
            (exercise.to_owned(), Found { file: file.parts.join("/"), source })
        })
        .collect();
    Submission { name, answers, notes: tree.notes, unreadable: None }
}

/// The kind of place, how deep, and the path: the least wins.
type Rank = (u8, usize, Vec<String>);

/// Which exercise a path answers, and how well.
fn rank<'a>(parts: &[String], exercises: &'a BTreeSet<String>) -> Option<(&'a str, Rank)> {
    let words: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (name, kind) = match words.as_slice() {
        [.., "exercises", name, "src", "lib.rs"] => (*name, 0),
        [.., name, "src", "lib.rs"] => (*name, 1),
        [above @ .., file] => {
            if above.iter().any(|part| matches!(*part, "tests" | "examples" | "wrong")) {
                return None;
            }
            (file.strip_suffix(".rs")?, 2)
        }
        [] => return None,
    };
    let exercise = exercises.get(name)?;
    Some((exercise, (kind, parts.len(), parts.to_vec())))
}

/// Reads one file, and no more of it than may be graded.
fn source(file: &Listed, content: &mut Content) -> Result<String, Text> {
    match file.kind {
        Kind::File => {}
        Kind::Link => {
            return Err(("a symbolic link, not a file", "这是符号链接，不是文件").into());
        }
        Kind::Other => return Err(("not a regular file", "这不是普通文件").into()),
    }
    let mut bytes = Vec::new();
    let read = match (&file.place, content) {
        (Place::Path(path), _) => {
            File::open(path).and_then(|file| file.take(LARGEST_SOURCE + 1).read_to_end(&mut bytes))
        }
        (Place::Index(index), Content::Archive(archive)) => archive
            .by_index(*index)
            .map_err(io::Error::other)
            .and_then(|file| file.take(LARGEST_SOURCE + 1).read_to_end(&mut bytes)),
        (Place::Index(_), Content::Folder) => unreachable!("only an archive has indices"),
    };
    if let Err(error) = read {
        return Err(cannot_be_read(&error));
    }
    if bytes.len() as u64 > LARGEST_SOURCE {
        let most = LARGEST_SOURCE >> 10;
        return Err((
            format!("larger than {most} KB: no answer needs that much"),
            format!("超过 {most} KB：没有一份答案需要这么大"),
        )
            .into());
    }
    String::from_utf8(bytes)
        .map_err(|_| ("not UTF-8 text: save it as UTF-8", "不是 UTF-8 文本：请另存为 UTF-8").into())
}

fn cannot_be_read(error: &dyn std::fmt::Display) -> Text {
    (format!("cannot be read: {error}"), format!("读不了：{error}")).into()
}

/// Lists a folder, level by level.
fn in_folder(root: &Path) -> Result<Tree, Text> {
    let mut tree = Tree { files: Vec::new(), notes: Vec::new(), content: Content::Folder };
    let mut level: Vec<(PathBuf, Vec<String>)> = vec![(root.to_owned(), Vec::new())];
    let mut seen = 0;
    for depth in 0..DEPTH {
        let mut next = Vec::new();
        for (folder, above) in level {
            let entries = match folder.read_dir() {
                Ok(entries) => entries,
                Err(error) if depth == 0 => return Err(cannot_be_read(&error)),
                Err(error) => {
                    tree.notes.push(left_out(&above.join("/"), cannot_be_read(&error)));
                    continue;
                }
            };
            let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                seen += 1;
                if seen > MOST_ENTRIES {
                    tree.notes.push(too_many());
                    return Ok(tree);
                }
                let name = entry.file_name().to_string_lossy().into_owned();
                if is_skipped(&name) {
                    continue;
                }
                let Ok(kind) = entry.file_type() else { continue };
                let mut parts = above.clone();
                parts.push(name);
                if kind.is_dir() {
                    next.push((entry.path(), parts));
                    continue;
                }
                let is_source = parts.last().is_some_and(|name| name.ends_with(".rs"));
                if kind.is_symlink() && !is_source {
                    tree.notes.push(link(&parts.join("/")));
                    continue;
                }
                let kind = match (kind.is_file(), kind.is_symlink()) {
                    (true, _) => Kind::File,
                    (_, true) => Kind::Link,
                    _ => Kind::Other,
                };
                if is_source {
                    tree.files.push(Listed { parts, kind, place: Place::Path(entry.path()) });
                }
            }
        }
        level = next;
    }
    Ok(tree)
}

/// Lists an archive. Its entries' sizes are not believed: what is read is
/// counted.
fn in_archive(path: &Path) -> Result<Tree, Text> {
    let file = File::open(path).map_err(|error| cannot_be_read(&error))?;
    let size = file.metadata().map_err(|error| cannot_be_read(&error))?.len();
    if size > LARGEST_ARCHIVE {
        let most = LARGEST_ARCHIVE >> 20;
        return Err((
            format!("The archive is larger than {most} MB: leave out `target` and `.git`."),
            format!("压缩包超过 {most} MB：请去掉 target 和 .git。"),
        )
            .into());
    }
    let archive = ZipArchive::new(file).map_err(|error| {
        Text::from((format!("Not a zip archive: {error}."), format!("不是 zip 压缩包：{error}。")))
    })?;
    if archive.len() > MOST_ENTRIES {
        return Err(too_many());
    }
    let mut archive = Box::new(archive);
    let (mut files, mut notes) = (Vec::new(), Vec::new());
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_raw(index) else { continue };
        // Old Windows tools write backslashes.
        let name = entry.name().replace('\\', "/");
        if let Some(why) = leaves(&name) {
            notes.push(left_out(&name, why));
            continue;
        }
        let parts: Vec<String> =
            name.split('/').filter(|part| !matches!(*part, "" | ".")).map(str::to_owned).collect();
        let hidden = parts.iter().any(|part| is_skipped(part));
        if entry.is_dir() || hidden || parts.len() > DEPTH {
            continue;
        }
        let is_source = parts.last().is_some_and(|name| name.ends_with(".rs"));
        let is_link = entry.is_symlink();
        if is_link && !is_source {
            notes.push(link(&parts.join("/")));
        }
        if is_source {
            let kind = if is_link { Kind::Link } else { Kind::File };
            files.push(Listed { parts, kind, place: Place::Index(index) });
        }
    }
    Ok(Tree { files, notes, content: Content::Archive(archive) })
}

/// Why an entry's name leads out of its archive, if it does.
fn leaves(name: &str) -> Option<Text> {
    let bytes = name.as_bytes();
    let drive = bytes.len() > 1 && bytes[1] == b':' && bytes[0].is_ascii_alphabetic();
    if name.starts_with('/') || drive {
        return Some(("an absolute path", "绝对路径").into());
    }
    let climbs = name.split('/').any(|part| part == "..");
    climbs.then(|| ("its path leads out of the archive", "路径指向压缩包之外").into())
}

/// Folders and files that no answer lies in.
fn is_skipped(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "target" | "__MACOSX" | "node_modules")
}

fn too_many() -> Text {
    (
        format!("More than {MOST_ENTRIES} files: the rest was not looked at."),
        format!("文件超过 {MOST_ENTRIES} 个：其余没有看。"),
    )
        .into()
}

fn link(path: &str) -> Text {
    left_out(path, ("links are not followed", "不跟随链接").into())
}

fn left_out(path: &str, why: Text) -> Text {
    (format!("Left out {path:?}: {}.", why.en), format!("忽略了 {path:?}：{}。", why.zh)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(path: &str) -> Option<(String, u8)> {
        let exercises = BTreeSet::from(["gather".to_owned(), "cancel".to_owned()]);
        let parts: Vec<String> = path.split('/').map(str::to_owned).collect();
        rank(&parts, &exercises).map(|(name, (kind, ..))| (name.to_owned(), kind))
    }

    #[test]
    fn a_source_is_found_where_students_put_it() {
        let gather = |kind| Some(("gather".to_owned(), kind));
        assert_eq!(find("exercises/gather/src/lib.rs"), gather(0));
        assert_eq!(find("workbook-main/exercises/gather/src/lib.rs"), gather(0));
        assert_eq!(find("gather/src/lib.rs"), gather(1));
        assert_eq!(find("homework 1/gather.rs"), gather(2));
    }

    #[test]
    fn other_files_of_a_clone_are_no_answers() {
        for path in [
            "examples/gather.rs",
            "exercises/gather/tests/gather.rs",
            "exercises/gather/wrong/cancel.rs",
            "exercises/gather/solution.rs",
            "grading/src/lib.rs",
            "gather.md",
        ] {
            assert_eq!(find(path), None, "{path}");
        }
    }

    #[test]
    fn names_that_leave_the_archive_are_known() {
        for name in ["/etc/x.rs", "C:/x.rs", "../x.rs", "a/../../x.rs"] {
            assert!(leaves(name).is_some(), "{name}");
        }
        assert!(leaves("a/b..c/x.rs").is_none());
    }
}
