//! The mark of a folder that we wrote: who wrote it, and what, byte for byte.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use project::files::unreadable;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Kind, below, is_real_folder, slashed};

/// The file that says who wrote the folder.
pub const MARK: &str = ".workbook.json";

/// Who writes such files, as the mark names it.
const WRITER: &str = "async-rust-workbook";

/// What the mark says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Mark {
    written_by: String,
    pub(super) kind: Kind,
    /// The SHA-256 of every file that was written, by its path with slashes, from
    /// the folder on; of an empty folder, nothing. A file that somebody has
    /// changed since is no longer ours.
    files: BTreeMap<String, String>,
}

impl Mark {
    /// The mark for all that lies in a folder.
    pub(super) fn of(folder: &Path, kind: Kind) -> Result<Mark> {
        let mut files = BTreeMap::new();
        for path in below(folder)? {
            let file = folder.join(&path);
            files.insert(slashed(&path), digest(&file).with_context(|| unreadable(&file))?);
        }
        Ok(Mark { written_by: WRITER.to_owned(), kind, files })
    }

    /// The mark of a folder, if it carries ours.
    pub(super) fn read(folder: &Path) -> Option<Mark> {
        let file = folder.join(MARK);
        if !fs::symlink_metadata(&file).ok()?.is_file() {
            return None;
        }
        let mark: Mark = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        (mark.written_by == WRITER).then_some(mark)
    }

    /// Whether we wrote what lies there, and nobody has changed it.
    pub(super) fn is_ours(&self, folder: &Path, path: &Path) -> bool {
        path == Path::new(MARK)
            || self.files.get(&slashed(path)).is_some_and(|written| {
                digest(&folder.join(path)).is_ok_and(|found| found == *written)
            })
    }

    /// A file that we wrote and somebody has changed.
    pub(super) fn changed(&self, folder: &Path) -> Option<PathBuf> {
        let names = self.files.keys().map(PathBuf::from);
        let mut there = names.filter(|path| fs::symlink_metadata(folder.join(path)).is_ok());
        there.find(|path| !self.is_ours(folder, path))
    }
}

fn digest(path: &Path) -> io::Result<String> {
    if is_real_folder(path) {
        return Ok(String::new());
    }
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let digest = Sha256::digest(fs::read(path)?);
    Ok(digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}
