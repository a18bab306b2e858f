//! A folder that we write for somebody: the site, a report. It is replaced whole
//! or not at all, and only if it is ours. This crate knows nothing of what it holds.
//!
//! Ours is what carries our [`mark`], a file that lists what was written. Whatever
//! else lies in such a folder is somebody's own, a file of ours that was changed
//! among it: it is named, and stays as it is. Nothing is removed that the mark
//! does not list.

mod mark;
mod unfinished;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

pub use self::mark::MARK;
use self::mark::Mark;
use self::unfinished::{BUILDS, writing};
pub use self::unfinished::{EndOfWriting, abandon, begin_writing};
use project::files::{unreadable, without_path};
use project::locale::t;

/// What a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The book.
    Site,
    /// A class's scores and pages.
    Report,
}

impl Kind {
    /// What such a folder of an earlier version, which knew no mark, held at its top.
    fn top(self) -> [&'static str; 4] {
        match self {
            Kind::Site => ["zh", "en", "index.html", ".nojekyll"],
            Kind::Report => ["index.html", "report.json", "scores.csv", "students"],
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
    let mut builder = tempfile::Builder::new();
    builder.prefix(".workbook-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What tempfile makes is private; this is as open as any new folder.
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    let fresh = builder.tempdir_in(parent).map_err(without_path);
    let fresh = fresh.with_context(|| cannot_write(out))?;
    BUILDS.add(fresh.path());
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

/// Checks that `out` may be written: it is new, empty, or carries our mark and
/// what we wrote is unchanged.
///
/// # Errors
///
/// It is a file, a link, or holds what we did not write: one sentence that
/// names it.
pub fn expect_ours(out: &Path, kind: Kind) -> Result<()> {
    let shown = out.display();
    // With a slash at its end, a link would be what it leads to.
    let Ok(data) = fs::symlink_metadata(bare(out)) else { return expect_named(out) };
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
    match Mark::read(out).filter(|mark| mark.kind == kind) {
        Some(mark) => match mark.changed(out) {
            Some(path) => bail!(changed(&out.join(path))),
            None => expect_named(out),
        },
        None => expect_empty(out, kind).and_then(|()| expect_named(out)),
    }
}

/// Checks that another folder can be put in its place: `.` and `..` stay.
fn expect_named(out: &Path) -> Result<()> {
    if out.file_name().is_some() {
        return Ok(());
    }
    let shown = out.display();
    bail!(t(
        format!("{shown} 不能整个换掉；请写文件夹自己的名字，例如 site。"),
        format!("{shown} cannot be replaced as a whole; give a folder's own name, such as site."),
    ))
}

fn bare(path: &Path) -> PathBuf {
    path.components().collect()
}

fn changed(file: &Path) -> String {
    let shown = file.display();
    t(
        format!("{shown} 写好之后被改过，不会覆盖；请先把它移走，或者换一个文件夹。"),
        format!(
            "{shown} was changed after we wrote it and is left alone; move it away first, or choose another folder."
        ),
    )
}

/// Checks that a folder without our mark holds nothing.
fn expect_empty(out: &Path, kind: Kind) -> Result<()> {
    let mut names = BTreeSet::new();
    for entry in out.read_dir().with_context(|| unreadable(out))? {
        names.insert(entry.with_context(|| unreadable(out))?.file_name());
    }
    let Some(name) = names.first() else { return Ok(()) };
    let (shown, name) = (out.display(), name.to_string_lossy());
    // It may be an older one of ours. Nobody but its owner can tell.
    if names.iter().all(|name| kind.top().iter().any(|top| name == top)) {
        bail!(t(
            format!(
                "{shown} 里有别的东西（{name}），不会覆盖；请换一个空的或新的文件夹。如果是旧版的练习册写的，请先删掉它。"
            ),
            format!(
                "{shown} holds something else ({name}) and is left alone; choose an empty or new folder, or delete it if an earlier version of the workbook wrote it."
            ),
        ));
    }
    bail!(t(
        format!("{shown} 里有别的东西（{name}），不会覆盖；请换一个空的或新的文件夹。"),
        format!(
            "{shown} holds something else ({name}) and is left alone; choose an empty or new folder."
        ),
    ))
}

/// Marks the fresh folder as ours and puts it in the place of the old one. What
/// lies in the old one and is not ours comes along; returned are the names.
///
/// # Errors
///
/// Something cannot be moved, or what is somebody's own stands where a file of
/// ours has to go; then the old folder is as it was.
pub fn put(fresh: TempDir, out: &Path, kind: Kind) -> Result<Vec<String>> {
    let _writing = writing()?;
    let mark = serde_json::to_vec_pretty(&Mark::of(fresh.path(), kind)?)?;
    fs::write(fresh.path().join(MARK), mark).with_context(|| cannot_write(out))?;
    let old = Mark::read(out);
    let others = others(out, old.as_ref())?;
    for other in &others {
        expect_free(fresh.path(), out, other)?;
        bring_along(&out.join(other), &fresh.path().join(other))
            .with_context(|| unreadable(&out.join(other)))?;
    }
    take_place(fresh, out, |replaced| clear(replaced, old.as_ref(), &others))?;
    Ok(others.iter().map(|path| slashed(path)).collect())
}

/// Puts the fresh folder in the place of one that is nobody's but ours, below
/// `target/`; whatever lies there goes.
///
/// # Errors
///
/// Something cannot be moved.
pub fn replace(fresh: TempDir, out: &Path) -> Result<()> {
    let _writing = writing()?;
    take_place(fresh, out, |replaced| _ = fs::remove_dir_all(replaced))
}

/// Puts the fresh folder in the place of the old one, as open as that was, and
/// has the old one cleared. Ctrl-C comes before that or after, never between.
fn take_place(fresh: TempDir, out: &Path, clear: impl FnOnce(&Path)) -> Result<()> {
    if !BUILDS.claim(fresh.path()) {
        bail!(t("已中断。", "Interrupted."));
    }
    keep_rights(out, fresh.path()).with_context(|| cannot_write(out))?;
    let replaced = exchange(fresh.path(), &bare(out)).with_context(|| cannot_write(out))?;
    // What has its name now is the site, or what was replaced.
    let _ = fresh.keep();
    if let Some(replaced) = replaced {
        clear(&replaced);
    }
    Ok(())
}

/// Gives the folders of the fresh one the rights of those they replace: what was
/// private stays so.
fn keep_rights(old: &Path, fresh: &Path) -> io::Result<()> {
    if !is_real_folder(old) || !is_real_folder(fresh) {
        return Ok(());
    }
    for entry in fs::read_dir(old)? {
        let name = entry?.file_name();
        keep_rights(&old.join(&name), &fresh.join(&name))?;
    }
    fs::set_permissions(fresh, fs::metadata(old)?.permissions())
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
/// along; if anything is left, it was added or changed meanwhile, and stays there.
fn clear(replaced: &Path, mark: Option<&Mark>, others: &[PathBuf]) {
    let Ok(all) = below(replaced) else { return };
    for path in all {
        if others.contains(&path) || mark.is_some_and(|mark| mark.is_ours(replaced, &path)) {
            let _ = match replaced.join(&path) {
                folder if is_real_folder(&folder) => fs::remove_dir(folder),
                file => fs::remove_file(file),
            };
        }
    }
    remove_empty(replaced);
    if replaced.exists() {
        let shown = replaced.display();
        eprintln!(
            "{}",
            t(
                format!("{shown} 里是这期间才放进旧文件夹的东西，没有动。"),
                format!("{shown} holds what was added to the old folder meanwhile."),
            )
        );
    }
}

/// What lies in the folder and is not as its mark lists it.
fn others(out: &Path, mark: Option<&Mark>) -> Result<Vec<PathBuf>> {
    if !out.exists() {
        return Ok(Vec::new());
    }
    let mut all = below(out)?;
    all.retain(|path| !mark.is_some_and(|mark| mark.is_ours(out, path)));
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
    fn a_file_of_ours_that_was_changed_is_ours_no_longer() {
        let scratch = tempfile::tempdir().expect("a folder");
        let out = scratch.path().join("report");
        let files = [("scores.csv", "ada,3"), ("students/ada.html", "3")];
        put(fresh(&out, &files), &out, Kind::Report).expect("it is new");
        expect_ours(&out, Kind::Report).expect("it is as we wrote it");
        write(&out.join("scores.csv"), "ada,5");
        let said = expect_ours(&out, Kind::Report).expect_err("it is the teacher's now");
        assert!(said.to_string().contains("scores.csv"), "{said}");
        // Changed while we were at work: the last moment is early enough.
        assert!(put(fresh(&out, &files), &out, Kind::Report).is_err());
        assert_eq!(read(&out.join("scores.csv")), "ada,5");
        fs::remove_file(out.join("scores.csv")).expect("a file");
        expect_ours(&out, Kind::Report).expect("what is gone is in nobody's way");
    }

    #[test]
    fn what_was_given_up_takes_no_place() {
        let scratch = tempfile::tempdir().expect("a folder");
        let out = scratch.path().join("site");
        put(fresh(&out, &[("index.html", "1")]), &out, Kind::Site).expect("it is new");
        write(&out.join("mine"), "mine");
        let given_up = fresh(&out, &[("index.html", "2")]);
        assert!(BUILDS.claim(given_up.path()));
        assert!(put(given_up, &out, Kind::Site).is_err());
        assert_eq!(
            (read(&out.join("index.html")), read(&out.join("mine"))),
            ("1".into(), "mine".into())
        );
        assert_eq!(scratch.path().read_dir().expect("it is there").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_was_private_stays_private() {
        use std::os::unix::fs::PermissionsExt;
        let scratch = tempfile::tempdir().expect("a folder");
        let out = scratch.path().join("site");
        let place = || put(fresh(&out, &[("zh/index.html", "1")]), &out, Kind::Site);
        place().expect("it is new");
        write(&out.join("drafts/mine"), "mine");
        let folders = [out.clone(), out.join("zh"), out.join("drafts")];
        for folder in &folders {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).expect("it is ours");
        }
        place().expect("it is ours");
        for folder in &folders {
            let mode = fs::metadata(folder).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_with_a_slash_is_a_link() {
        let scratch = tempfile::tempdir().expect("a folder");
        fs::create_dir(scratch.path().join("empty")).expect("a folder");
        let link = scratch.path().join("link");
        std::os::unix::fs::symlink(scratch.path().join("empty"), &link).expect("a link");
        for out in [link.join(""), link.join(".")] {
            let said = expect_ours(&out, Kind::Site).expect_err("it is a link").to_string();
            assert!(said.contains("is a link") || said.contains("是一个链接"), "{said}");
        }
    }

    #[test]
    fn a_folder_without_a_name_is_refused() {
        for out in [".", "..", "site/..", "/"] {
            assert!(expect_ours(Path::new(out), Kind::Site).is_err(), "{out}");
        }
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
