//! Files that are written whole or not at all.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Puts a file in this place, with the rights of the one that was there. The
/// new file is on the disk before it gets the name: neither a full disk nor a
/// crash leaves half of it. For whoever holds the lock of `.workbook/`: its
/// temporary name is always the same, so that what a crash left goes with the
/// next.
///
/// # Errors
///
/// It cannot be written; then the place is as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = path.with_file_name(format!(".{name}.new"));
    let written = || {
        match fs::remove_file(&new) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = File::create_new(&new)?;
        file.write_all(bytes)?;
        if let Ok(old) = fs::metadata(path) {
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&new, path)
    };
    written().inspect_err(|_| _ = fs::remove_file(&new))
}
