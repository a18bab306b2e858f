//! What an interrupted build leaves: nothing. Threads of the build go on until the
//! process ends, so that what they write has to be over before it is removed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread::{self, ThreadId};
use std::time::Duration;

use anyhow::{Result, bail};
use project::locale::t;

/// How long Ctrl-C waits for a page or a swap under way.
const PATIENCE: Duration = Duration::from_secs(20);

/// The builds under way in this process.
pub(super) static BUILDS: Unfinished = Unfinished::new();

/// Removes what an interrupted build has written so far. From now on none writes.
pub fn abandon() {
    BUILDS.abandon(PATIENCE);
}

/// Says that this thread writes into a fresh folder until the guard is dropped.
///
/// # Errors
///
/// The build was interrupted.
pub(super) fn writing() -> Result<EndOfWriting> {
    begin_writing()?;
    Ok(EndOfWriting)
}

/// Says that this thread writes from now on, until an [`EndOfWriting`] of its is
/// dropped. mdBook goes from its last preprocessor to writing without a word.
///
/// # Errors
///
/// The build was interrupted.
pub fn begin_writing() -> Result<()> {
    if BUILDS.begin(thread::current().id()) {
        return Ok(());
    }
    bail!(t("已中断。", "Interrupted."))
}

/// When it is dropped, this thread writes no more.
pub struct EndOfWriting;

impl Drop for EndOfWriting {
    fn drop(&mut self) {
        BUILDS.end(thread::current().id());
    }
}

/// Fresh folders, and who writes into them.
pub(super) struct Unfinished {
    state: Mutex<State>,
    ended: Condvar,
}

struct State {
    folders: BTreeSet<PathBuf>,
    writers: Vec<ThreadId>,
    given_up: bool,
}

impl Unfinished {
    const fn new() -> Self {
        let state = State { folders: BTreeSet::new(), writers: Vec::new(), given_up: false };
        Self { state: Mutex::new(state), ended: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }

    /// A folder that goes if the build is interrupted.
    pub(super) fn add(&self, folder: &Path) {
        self.state().folders.insert(folder.to_owned());
    }

    /// Takes a folder back, to put it in its place; false if it was given up.
    pub(super) fn claim(&self, folder: &Path) -> bool {
        self.state().folders.remove(folder)
    }

    fn begin(&self, thread: ThreadId) -> bool {
        let mut state = self.state();
        if !state.given_up {
            state.writers.push(thread);
        }
        !state.given_up
    }

    fn end(&self, thread: ThreadId) {
        self.state().writers.retain(|writer| *writer != thread);
        self.ended.notify_all();
    }

    /// Lets nobody begin to write, waits for those who do, and removes the folders.
    fn abandon(&self, patience: Duration) {
        let mut state = self.state();
        state.given_up = true;
        let under_way = |state: &mut State| !state.writers.is_empty();
        let waited = self.ended.wait_timeout_while(state, patience, under_way);
        let folders = std::mem::take(&mut waited.expect("no holder panics").0.folders);
        for folder in folders {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However slow the thread is: it was the cause of a folder left behind.
    #[test]
    fn what_is_being_written_is_removed_when_it_is_done() {
        let builds = Unfinished::new();
        let scratch = tempfile::tempdir().expect("a folder");
        let folder = scratch.path().join("fresh");
        builds.add(&folder);
        thread::scope(|scope| {
            let (tell, told) = std::sync::mpsc::channel();
            let (builds, page) = (&builds, folder.join("zh"));
            scope.spawn(move || {
                let this = thread::current().id();
                assert!(builds.begin(this));
                tell.send(()).expect("it is waited for");
                while !builds.state().given_up {
                    thread::yield_now();
                }
                fs::create_dir_all(page).expect("a folder");
                builds.end(this);
            });
            told.recv().expect("it is told");
            builds.abandon(PATIENCE);
        });
        assert!(!folder.exists());
        assert!(!builds.begin(thread::current().id()), "nobody writes any more");
        assert!(!builds.claim(&folder), "it takes no place");
    }
}
