//! The files of a submission, wherever they lie: listed first, and read one by one.
//! No link is followed and nothing of an archive is unpacked.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use grading::Text;
use zip::ZipArchive;

/// The largest source that is graded, in bytes.
pub const LARGEST_SOURCE: u64 = 256 << 10;
/// The largest archive that is opened, in bytes.
pub const LARGEST_ARCHIVE: u64 = 20 << 20;
/// How many archives in a student's folder are opened.
pub const MOST_ARCHIVES: usize = 50;
/// How many files and folders of one submission are looked at.
pub const MOST_ENTRIES: usize = 20_000;
/// How deep a submission is searched.
pub const DEPTH: usize = 10;

/// A submission whose files are listed and not read yet.
#[derive(Default)]
pub struct Tree {
    pub files: Vec<Listed>,
    pub notes: Vec<Text>,
    pub archives: Vec<ZipArchive<File>>,
}

pub struct Listed {
    /// The path's parts, below the submission.
    pub parts: Vec<String>,
    pub kind: Kind,
    pub place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    File,
    Link,
    Other,
}

pub enum Place {
    Path(PathBuf),
    /// In which archive, and where there.
    Index(usize, usize),
}

/// Reads one file, and no more of it than may be graded.
pub fn read(file: &Listed, archives: &mut [ZipArchive<File>]) -> Result<String, Text> {
    match file.kind {
        Kind::File => {}
        Kind::Link => {
            return Err(("a symbolic link, not a file", "这是符号链接，不是文件").into());
        }
        Kind::Other => return Err(("not a regular file", "这不是普通文件").into()),
    }
    let mut bytes = Vec::new();
    let read = match &file.place {
        Place::Path(path) => {
            File::open(path).and_then(|file| file.take(LARGEST_SOURCE + 1).read_to_end(&mut bytes))
        }
        Place::Index(archive, index) => archives[*archive]
            .by_index(*index)
            .map_err(io::Error::other)
            .and_then(|file| file.take(LARGEST_SOURCE + 1).read_to_end(&mut bytes)),
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

pub fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

fn cannot_be_read(error: &dyn std::fmt::Display) -> Text {
    (format!("cannot be read: {error}"), format!("读不了：{error}")).into()
}

/// Lists a folder, level by level, with the archives in it.
pub fn in_folder(root: &Path, tree: &mut Tree) -> Result<(), Text> {
    let mut level: Vec<(PathBuf, Vec<String>)> = vec![(root.to_owned(), Vec::new())];
    let (mut seen, mut archives) = (0, Vec::new());
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
                    return Ok(());
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
                } else if kind == Kind::File && is_archive(&entry.path()) {
                    archives.push((entry.path(), parts));
                }
            }
        }
        level = next;
    }
    for (path, parts) in archives.into_iter().take(MOST_ARCHIVES) {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        if let Err(why) = in_archive(&path, stem, tree) {
            tree.notes.push(left_out(&parts.join("/"), why));
        }
    }
    Ok(())
}

/// Lists an archive. Its entries' sizes are not believed: what is read is
/// counted. What it holds is taken to lie in a folder `inside`, if there is one.
pub fn in_archive(path: &Path, inside: Option<String>, tree: &mut Tree) -> Result<(), Text> {
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
    let mut archive = archive;
    let number = tree.archives.len();
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_raw(index) else { continue };
        // Old Windows tools write backslashes.
        let name = entry.name().replace('\\', "/");
        if let Some(why) = leaves(&name) {
            tree.notes.push(left_out(&name, why));
            continue;
        }
        let names = name.split('/').filter(|part| !matches!(*part, "" | ".")).map(str::to_owned);
        let parts: Vec<String> = inside.iter().cloned().chain(names).collect();
        let hidden = parts.iter().any(|part| is_skipped(part));
        if entry.is_dir() || hidden || parts.len() > DEPTH {
            continue;
        }
        let is_source = parts.last().is_some_and(|name| name.ends_with(".rs"));
        let is_link = entry.is_symlink();
        if is_link && !is_source {
            tree.notes.push(link(&parts.join("/")));
        }
        if is_source {
            let kind = if is_link { Kind::Link } else { Kind::File };
            tree.files.push(Listed { parts, kind, place: Place::Index(number, index) });
        }
    }
    tree.archives.push(archive);
    Ok(())
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

    #[test]
    fn names_that_leave_the_archive_are_known() {
        for name in ["/etc/x.rs", "C:/x.rs", "../x.rs", "a/../../x.rs"] {
            assert!(leaves(name).is_some(), "{name}");
        }
        assert!(leaves("a/b..c/x.rs").is_none());
    }
}
