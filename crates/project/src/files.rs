//! Files that we write, whole or not at all, and what is said when that fails.

use std::io;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::locale::t;

/// Checks that we do not write to where a link leads.
///
/// # Errors
///
/// It is one: a sentence that says what to do.
pub fn expect_no_link(path: &Path) -> Result<()> {
    if !std::fs::symlink_metadata(path).is_ok_and(|data| data.is_symlink()) {
        return Ok(());
    }
    let shown = path.display();
    bail!(t(
        format!("{shown} 是一个链接，不会写进它指的地方；请写真正的文件，或先删掉这个链接。"),
        format!(
            "{shown} is a link and is not written through; name the file itself, or remove the link."
        ),
    ))
}

/// Writes a file whole or not at all, and makes its folder if need be; never
/// through a link.
///
/// # Errors
///
/// The folder cannot be written, or a link stands in the file's place.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().context("a file has a folder")?;
    let shown = path.display();
    let cannot_write = || t(format!("{shown} 写不了"), format!("cannot write {shown}"));
    expect_no_link(path)?;
    if path.is_dir() {
        bail!(t(
            format!("{shown} 是一个文件夹；请写一个文件的名字。"),
            format!("{shown} is a folder; name a file."),
        ));
    }
    if std::fs::symlink_metadata(path).is_ok_and(|data| !data.is_file()) {
        bail!(t(
            format!("{shown} 不是普通的文件（是设备或管道），没有动它；请写另一个名字。"),
            format!("{shown} is a device or a pipe and is left alone; name a file."),
        ));
    }
    std::fs::create_dir_all(folder).with_context(cannot_write)?;
    let file = new_file_in(folder, path).map_err(without_path).with_context(cannot_write)?;
    std::fs::write(file.path(), bytes).with_context(cannot_write)?;
    file.persist(path).map_err(|error| error.error).with_context(cannot_write)?;
    Ok(())
}

/// A temporary file that anybody may read who could read any new file, or, if it
/// takes the place of another, whoever could read that one.
fn new_file_in(folder: &Path, place: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    if let Ok(data) = std::fs::symlink_metadata(place)
        && data.is_file()
    {
        file.as_file().set_permissions(data.permissions())?;
    }
    Ok(file)
}

/// Checks that cargo will be able to write there: what it says if it cannot is
/// no help to anyone.
///
/// # Errors
///
/// It will not: one sentence that says what to do.
pub fn expect_writable(folder: &Path) -> Result<()> {
    let probe = std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
    probe.map(drop).map_err(without_path).with_context(|| {
        let shown = folder.display();
        t(
            format!("{shown} 写不了；请把 CARGO_TARGET_DIR 设成一个能写的文件夹。"),
            format!("{shown} cannot be written; set CARGO_TARGET_DIR to a folder that can."),
        )
    })
}

/// What went wrong, without the name that tempfile made up.
pub fn without_path(error: io::Error) -> io::Error {
    io::Error::from(error.kind())
}

/// What to say of a file or folder that cannot be read.
pub fn unreadable(path: &Path) -> String {
    format!("{}: {}", path.display(), t("读不了", "cannot be read"))
}
