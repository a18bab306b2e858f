//! Files that are being downloaded.

use std::{
    ffi::OsStr,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use percent_encoding::percent_decode_str;
use reqwest::Url;
use tempfile::{Builder, TempPath};
use tokio::{fs::File, runtime::Handle, task};

use crate::locale::t;

/// The name that an address gives its file, decoded; it names no folder.
///
/// # Errors
///
/// There is none in it.
pub fn file_name(url: &Url) -> io::Result<String> {
    decoded_name(url)
        .ok_or_else(|| io::Error::other(t("这个地址里没有文件名", "no file name in this address")))
}

fn decoded_name(url: &Url) -> Option<String> {
    let name = percent_decode_str(url.path_segments()?.next_back()?);
    let name = name.decode_utf8().ok()?;
    let name = Path::new(&*name).file_name()?;
    name.to_str().map(String::from)
}

/// A file without a name of its own yet: deleted when it is dropped, unless it
/// was persisted.
///
/// What the system does with files, it does on the runtime's threads for
/// blocking calls.
#[derive(Debug)]
pub struct Part {
    /// Until it is persisted.
    path: Option<TempPath>,
    folder: PathBuf,
}

impl Part {
    /// Makes the file in `folder`, and opens it for writing.
    ///
    /// Others may read it if the user's umask lets them, as with any new file;
    /// tempfile's default is a file for its owner alone.
    ///
    /// # Errors
    ///
    /// No file can be made there.
    pub async fn create(folder: impl Into<PathBuf>) -> io::Result<(File, Self)> {
        let folder = folder.into();
        blocking(move || {
            let mut builder = Builder::new();
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
            let (file, path) = builder.tempfile_in(&folder)?.into_parts();
            Ok((File::from_std(file), Self { path: Some(path), folder }))
        })
        .await
    }

    /// Gives the file this name, or the first of `name (1)`, `name (2)`, … that
    /// no other file has, and returns it. Nothing is ever replaced.
    ///
    /// # Errors
    ///
    /// The system refuses the name.
    pub async fn persist(mut self, name: &str) -> io::Result<String> {
        let (names, folder) = (free_names(name), self.folder.clone());
        let mut path = self.path.take().expect("it is taken here alone");
        blocking(move || {
            for name in names {
                match path.persist_noclobber(folder.join(&name)) {
                    Ok(()) => return Ok(name),
                    Err(refused) if refused.error.kind() == ErrorKind::AlreadyExists => {
                        path = refused.path;
                    }
                    Err(refused) => return Err(refused.error),
                }
            }
            unreachable!("there is always one more name")
        })
        .await
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Nothing can be awaited here. A runtime that ends drops what it does
        // not get to, which deletes the file as well.
        if let (Some(path), Ok(runtime)) = (self.path.take(), Handle::try_current()) {
            runtime.spawn_blocking(|| drop(path));
        }
    }
}

/// Makes a new file in `folder` under this name, or the first of `name (1)`,
/// `name (2)`, … that no other file has; the file and its name.
///
/// # Errors
///
/// No file can be made there.
pub async fn create_new(folder: impl AsRef<Path>, name: &str) -> io::Result<(File, String)> {
    for name in free_names(name) {
        match File::create_new(folder.as_ref().join(&name)).await {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            file => return Ok((file?, name)),
        }
    }
    unreachable!("there is always one more name")
}

/// `a.png`, `a (1).png`, `a (2).png`, …, as browsers number them.
fn free_names(name: &str) -> impl Iterator<Item = String> + use<> {
    let name = PathBuf::from(name);
    let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = (part(name.file_stem()), part(name.extension()));
    let dot = if name.extension().is_some() { "." } else { "" };
    (0_u64..).map(move |number| match number {
        0 => format!("{stem}{dot}{extension}"),
        _ => format!("{stem} ({number}){dot}{extension}"),
    })
}

/// Runs this on one of the runtime's threads for blocking calls.
async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    task::spawn_blocking(call).await?
}

#[cfg(test)]
mod tests {
    use super::free_names;

    #[test]
    fn the_number_stands_before_the_extension() {
        for (name, second) in
            [("a.png", "a (1).png"), ("a", "a (1)"), (".a", ".a (1)"), ("a.b.c", "a.b (1).c")]
        {
            let names: Vec<_> = free_names(name).take(2).collect();
            assert_eq!(names, [name, second]);
        }
        assert_eq!(free_names("a.").next().as_deref(), Some("a."));
    }
}
