//! Recordings kept from one run of the tests to the next. Used by this package's
//! tests and by those of the applications.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Serialize, de::DeserializeOwned};

/// Where recordings are kept, and the files that they depend on: the binaries
/// that hold the programs, and what the programs read.
pub struct Kept {
    pub store: PathBuf,
    pub files: Vec<PathBuf>,
}

impl Kept {
    /// What an earlier run recorded; what `record` returns if there is none, or
    /// if one of the files is another since.
    pub fn or_record<T: Serialize + DeserializeOwned>(&self, record: impl FnOnce() -> T) -> T {
        let stamps: Vec<Stamp> = self.files.iter().map(|file| stamp(file)).collect();
        let kept: Option<(Vec<Stamp>, T)> =
            fs::read(&self.store).ok().and_then(|json| serde_json::from_slice(&json).ok());
        if let Some((of, recordings)) = kept
            && stamps == of
        {
            return recordings;
        }
        let recordings = record();
        let json = serde_json::to_vec(&(stamps, &recordings)).expect("traces are plain data");
        fs::write(&self.store, json).expect("the target folder can be written");
        recordings
    }

    /// Forgets them after a failure: on the real clock, the next recording may be
    /// another.
    pub fn forget(&self) {
        let _ = fs::remove_file(&self.store);
    }
}

/// What tells one version of a file from the next: its size and its time.
type Stamp = (u64, SystemTime);

fn stamp(file: &Path) -> Stamp {
    let data = file.metadata().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    (data.len(), data.modified().expect("its time is known"))
}
