//! Files that are being downloaded.

use std::{io, path::Path};

use percent_encoding::percent_decode_str;
use reqwest::Url;
use tempfile::{Builder, NamedTempFile};

/// The name that an address gives its file, decoded; it names no folder.
pub fn file_name(url: &Url) -> Option<String> {
    let name = percent_decode_str(url.path_segments()?.next_back()?);
    let name = name.decode_utf8().ok()?;
    let name = Path::new(&*name).file_name()?;
    name.to_str().map(String::from)
}

/// A file in `folder` that is deleted when it is dropped, unless it was
/// persisted under a name of its own.
///
/// Others may read it if the user's umask lets them, as with any new file;
/// tempfile's default is a file for its owner alone.
///
/// # Errors
///
/// No file can be made there.
pub fn file_in(folder: impl AsRef<Path>) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}
