//! A folder that we write for somebody: the site, a report. It is replaced whole
//! or not at all, and only if it is ours.
//!
//! Ours is what carries our mark, a file that lists what was written. Whatever
//! else lies in such a folder is somebody's own: it is named, and stays where it
//! is. Nothing is removed that the mark does not list.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::{locale::t, project::unreadable};

/// The file that says who wrote the folder.
pub const MARK: &str = ".workbook.json";

/// Who writes such files, as the mark names it.
const WRITER: &str = "async-rust-workbook";

/// What a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The book.
    Site,
    /// A class's scores and pages.
    Report,
}

/// What the mark says.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    written_by: String,
    kind: Kind,
    /// Every file that was written, with slashes, from the folder on.
    files: BTreeSet<String>,
}

/// The folder of a build under way, for [`abandon`].
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Removes what an interrupted build has written so far. Its threads may be at
/// work until the process ends, and make a folder anew: it has to stay away.
pub fn abandon() {
    let Some(folder) = UNFINISHED.lock().expect("no holder panics").take() else { return };
    let mut quiet = 0;
    for _ in 0..100 {
        let _ = fs::remove_dir_all(&folder);
        std::thread::sleep(std::time::Duration::from_millis(20));
        quiet = if folder.exists() { 0 } else { quiet + 1 };
        if quiet == 5 {
            return;
        }
    }
}

/// A new folder beside `out`, to be filled and then [`put`]. Ctrl-C removes it
/// (see [`abandon`]).
///
/// # Errors
///
/// The folder around `out` cannot be written.
pub fn fresh_beside(out: &Path) -> Result<TempDir> {
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).with_context(|| cannot_write(out))?;
    let fresh = tempfile::Builder::new()
        .prefix(".workbook-")
        .tempdir_in(parent)
        .with_context(|| cannot_write(out))?;
    *UNFINISHED.lock().expect("no holder panics") = Some(fresh.path().to_owned());
    Ok(fresh)
}

/// What to say of an output folder that cannot be written.
pub fn cannot_write(out: &Path) -> String {
    let shown = out.display();
    t(
        format!("{shown} 写不了，换一个文件夹。"),
        format!("Cannot write {shown}; choose another folder."),
    )
}

/// Checks that `out` may be written: it is new, empty, or carries our mark.
///
/// # Errors
///
/// It is a file, a link, or holds what we did not write: one sentence that
/// names it.
pub fn expect_ours(out: &Path, kind: Kind) -> Result<()> {
    let shown = out.display();
    let Ok(data) = fs::symlink_metadata(out) else { return Ok(()) };
    if data.is_symlink() {
        bail!(t(
            format!("{shown} 是一个链接，不会写进去；请写它所指的文件夹。"),
            format!("{shown} is a link and is left alone; name the folder that it leads to."),
        ));
    }
    if !data.is_dir() {
        bail!(t(
            format!("{shown} 是一个文件，不是文件夹。"),
            format!("{shown} is a file, not a folder."),
        ));
    }
    let mut entries = out.read_dir().with_context(|| unreadable(out))?;
    let Some(first) = entries.next() else { return Ok(()) };
    match read_mark(out) {
        Some(mark) if mark.kind == kind => Ok(()),
        _ => {
            let name = first.with_context(|| unreadable(out))?.file_name();
            let name = name.to_string_lossy();
            bail!(t(
                format!("{shown} 里有别的东西（{name}），不会覆盖；请换一个空的或新的文件夹。"),
                format!(
                    "{shown} holds something else ({name}) and is left alone; choose an empty or new folder."
                ),
            ))
        }
    }
}

fn read_mark(folder: &Path) -> Option<Mark> {
    let file = folder.join(MARK);
    if !fs::symlink_metadata(&file).ok()?.is_file() {
        return None;
    }
    let mark: Mark = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    (mark.written_by == WRITER).then_some(mark)
}

/// Marks the fresh folder as ours and puts it in the place of the old one. What
/// lies in the old one and is not ours comes along; returned are the names.
///
/// # Errors
///
/// Something cannot be moved, or what is somebody's own stands where a file of
/// ours has to go; then the old folder is as it was.
pub fn put(fresh: TempDir, out: &Path, kind: Kind) -> Result<Vec<String>> {
    let written = below(fresh.path())?;
    let files = written.iter().map(|path| slashed(path)).collect();
    let mark = Mark { written_by: WRITER.to_owned(), kind, files };
    fs::write(fresh.path().join(MARK), serde_json::to_vec_pretty(&mark)?)?;
    let others = others(out)?;
    for other in &others {
        expect_free(fresh.path(), out, other)?;
        bring_along(&out.join(other), &fresh.path().join(other))
            .with_context(|| unreadable(&out.join(other)))?;
    }
    readable_by_all(fresh.path())?;
    let fresh = fresh.keep();
    *UNFINISHED.lock().expect("no holder panics") = None;
    match exchange(&fresh, out) {
        Ok(Some(old)) => clear(&old, &others),
        Ok(None) => {}
        Err(error) => {
            let _ = fs::remove_dir_all(&fresh);
            return Err(error.into());
        }
    }
    Ok(others.iter().map(|path| slashed(path)).collect())
}

/// Puts the fresh folder in the place of one that is nobody's but ours, below
/// `target/`; whatever lies there goes.
///
/// # Errors
///
/// Something cannot be moved or removed.
pub fn replace(fresh: TempDir, out: &Path) -> Result<()> {
    readable_by_all(fresh.path())?;
    let fresh = fresh.keep();
    let old = exchange(&fresh, out).inspect_err(|_| drop(fs::remove_dir_all(&fresh)))?;
    Ok(old.map_or(Ok(()), fs::remove_dir_all)?)
}

/// Puts one folder in the place of another, and says where the old one is now.
fn exchange(fresh: &Path, out: &Path) -> io::Result<Option<PathBuf>> {
    if !out.exists() {
        fs::rename(fresh, out)?;
        return Ok(None);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        // In one step: there is no moment without a folder.
        if renameat_with(CWD, fresh, CWD, out, RenameFlags::EXCHANGE).is_ok() {
            return Ok(Some(fresh.to_owned()));
        }
    }
    let old = fresh.with_extension("old");
    fs::rename(out, &old)?;
    if let Err(error) = fs::rename(fresh, out) {
        let _ = fs::rename(&old, out);
        return Err(error);
    }
    Ok(Some(old))
}

/// Removes from the folder that was replaced what its mark lists and what came
/// along; if anything is left, it was added meanwhile, and stays there.
fn clear(old: &Path, others: &[PathBuf]) {
    let listed = read_mark(old).map(|mark| mark.files).unwrap_or_default();
    let Ok(all) = below(old) else { return };
    for path in all {
        if listed.contains(&slashed(&path)) || path == Path::new(MARK) || others.contains(&path) {
            let _ = match old.join(&path) {
                folder if is_real_folder(&folder) => fs::remove_dir(folder),
                file => fs::remove_file(file),
            };
        }
    }
    remove_empty(old);
    if old.exists() {
        let shown = old.display();
        eprintln!(
            "{}",
            t(
                format!("{shown} 里是这期间才放进旧文件夹的东西，没有动。"),
                format!("{shown} holds what was added to the old folder meanwhile."),
            )
        );
    }
}

/// What lies in the folder and is not listed by its mark.
fn others(out: &Path) -> Result<Vec<PathBuf>> {
    if !out.exists() {
        return Ok(Vec::new());
    }
    let listed = read_mark(out).map(|mark| mark.files).unwrap_or_default();
    let mut all = below(out)?;
    all.retain(|path| path != Path::new(MARK) && !listed.contains(&slashed(path)));
    Ok(all)
}

/// Every file, link and empty folder below a folder, from there on. Links are
/// not followed.
fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    fn walk(top: &Path, inner: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
        let mut names: Vec<_> = Vec::new();
        for entry in fs::read_dir(top.join(inner))? {
            names.push(entry?.file_name());
        }
        if names.is_empty() && !inner.as_os_str().is_empty() {
            found.push(inner.to_owned());
        }
        for name in names {
            let path = inner.join(name);
            if is_real_folder(&top.join(&path)) {
                walk(top, &path, found)?;
            } else {
                found.push(path);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(folder, Path::new(""), &mut found).with_context(|| unreadable(folder))?;
    found.sort();
    Ok(found)
}

fn is_real_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|data| data.is_dir())
}

/// Checks that nothing of ours has to go where this is.
fn expect_free(fresh: &Path, out: &Path, other: &Path) -> Result<()> {
    let mut above = other.ancestors().skip(1).map(|path| fresh.join(path));
    let is_blocked = above.any(|path| fs::symlink_metadata(&path).is_ok_and(|it| !it.is_dir()));
    if is_blocked || fs::symlink_metadata(fresh.join(other)).is_ok() {
        let shown = out.join(other);
        let shown = shown.display();
        bail!(t(
            format!("{shown} 不是我们写的，新的一份里却有同名的文件；请先把它移走。"),
            format!("{shown} is not ours, and a file of ours has that name; move it away first."),
        ));
    }
    Ok(())
}

/// The same file under a second name (a copy, where the system has no such
/// thing), the same link, or the same empty folder.
fn bring_along(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to.parent().expect("it lies in a folder"))?;
    let data = fs::symlink_metadata(from)?;
    if data.is_dir() {
        return fs::create_dir(to);
    }
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    if !data.is_file() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    fs::copy(from, to).map(drop)
}

/// Removes the empty folders in a folder, and then itself if it is empty.
fn remove_empty(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_real_folder(&entry.path()) {
            remove_empty(&entry.path());
        }
    }
    let _ = fs::remove_dir(folder);
}

fn slashed(path: &Path) -> String {
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    names.collect::<Vec<_>>().join("/")
}

/// A temporary folder is private; what we write is for everyone.
fn readable_by_all(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    let _ = folder;
    Ok(())
}

/// Says what of somebody's own was left in a folder that was written anew.
pub fn tell_kept(out: &Path, kept: &[String]) {
    /// So many names are told.
    const TOLD: usize = 5;
    if kept.is_empty() {
        return;
    }
    let names = kept.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>();
    let names = names.join(t("、", ", "));
    let (shown, count) = (out.display(), kept.len());
    eprintln!(
        "{}",
        if count > TOLD {
            t(
                format!("{shown} 里不是我们写的 {count} 个文件原样留着：{names}……"),
                format!("Kept in {shown}, {count} files that are not ours: {names}, …"),
            )
        } else {
            t(
                format!("{shown} 里不是我们写的，原样留着：{names}。"),
                format!("Kept in {shown}, since it is not ours: {names}."),
            )
        }
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn fresh(out: &Path, files: &[(&str, &str)]) -> TempDir {
        let fresh = fresh_beside(out).expect("a folder");
        for (file, text) in files {
            write(&fresh.path().join(file), text);
        }
        fresh
    }

    fn read(path: &Path) -> String {
        fs::read_to_string(path).unwrap_or_else(|error| format!("{}: {error}", path.display()))
    }

    #[test]
    fn what_is_not_ours_is_kept_and_named() {
        let scratch = tempfile::tempdir().expect("a folder");
        let out = scratch.path().join("site");
        put(fresh(&out, &[("index.html", "1"), ("zh/old.html", "1")]), &out, Kind::Site)
            .expect("it is new");
        write(&out.join("zh/blog.html"), "mine");
        fs::create_dir_all(out.join("drafts/empty")).expect("a folder");
        expect_ours(&out, Kind::Site).expect("it carries the mark");
        let kept = put(fresh(&out, &[("index.html", "2"), ("en/a.html", "2")]), &out, Kind::Site)
            .expect("it is ours");
        assert_eq!(kept, ["drafts/empty", "zh/blog.html"]);
        assert_eq!(read(&out.join("index.html")), "2");
        assert_eq!(read(&out.join("zh/blog.html")), "mine");
        assert!(out.join("drafts/empty").is_dir());
        assert!(!out.join("zh/old.html").exists());
        let beside: Vec<_> = scratch.path().read_dir().expect("it is there").collect();
        assert_eq!(beside.len(), 1, "{beside:?}");
    }

    #[test]
    fn a_name_that_is_taken_stops_everything() {
        let scratch = tempfile::tempdir().expect("a folder");
        let out = scratch.path().join("site");
        put(fresh(&out, &[("index.html", "1")]), &out, Kind::Site).expect("it is new");
        write(&out.join("zh/new.html"), "mine");
        let said = put(fresh(&out, &[("zh/new.html", "2")]), &out, Kind::Site);
        assert!(said.is_err_and(|error| error.to_string().contains("zh/new.html")));
        assert_eq!(read(&out.join("zh/new.html")), "mine");
        assert_eq!(read(&out.join("index.html")), "1");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_neither_followed_nor_lost() {
        use std::os::unix::fs::symlink;
        let scratch = tempfile::tempdir().expect("a folder");
        let (out, elsewhere) = (scratch.path().join("site"), scratch.path().join("elsewhere"));
        write(&elsewhere.join("page.html"), "theirs");
        put(fresh(&out, &[("zh/page.html", "1")]), &out, Kind::Site).expect("it is new");
        fs::remove_dir_all(out.join("zh")).expect("a folder");
        symlink(&elsewhere, out.join("zh")).expect("a link");
        let kept = put(fresh(&out, &[("en/page.html", "2")]), &out, Kind::Site).expect("ours");
        assert_eq!(kept, ["zh"]);
        assert_eq!(read(&elsewhere.join("page.html")), "theirs");
        assert!(fs::symlink_metadata(out.join("zh")).is_ok_and(|data| data.is_symlink()));

        symlink(&out, scratch.path().join("link")).expect("a link");
        assert!(expect_ours(&scratch.path().join("link"), Kind::Site).is_err());
    }

    #[test]
    fn a_mark_of_another_kind_is_not_ours() {
        let scratch = tempfile::tempdir().expect("a folder");
        let out = scratch.path().join("report");
        put(fresh(&out, &[("index.html", "1")]), &out, Kind::Report).expect("it is new");
        assert!(expect_ours(&out, Kind::Site).is_err());
        for forged in ["{bad", "{}", r#"{"written_by":"me","kind":"report","files":[]}"#] {
            fs::write(out.join(MARK), forged).expect("a file");
            assert!(expect_ours(&out, Kind::Report).is_err(), "{forged}");
        }
    }
}
