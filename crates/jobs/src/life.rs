//! A job lives no longer than whoever asked for it. They hold the other end of our
//! standard input, which closes in whatever way they end (SIGKILL too); through it
//! comes what a reader types for the program, a JSON value a line: a text, or
//! `null` for the end of input. The job's folder goes with it, too.

use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};

/// What comes through standard input.
#[derive(Debug)]
pub struct Life {
    /// What was typed; `None` is the end of input.
    pub typed: Receiver<Option<String>>,
}

impl Life {
    /// From now on this process, and everything below it, ends with its asker, and
    /// `folder` with it.
    pub fn begin(folder: &Path) -> Life {
        let _ = FOLDER.set(folder.to_owned());
        // A session of its own: the reader's terminal is none of it, and whoever has
        // killed this process finds what it has started.
        #[cfg(unix)]
        let _ = rustix::process::setsid();
        grading::adopt_orphans();
        let (sender, typed) = channel();
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines() {
                let Ok(line) = line else { break };
                let Ok(text) = serde_json::from_str::<Option<String>>(&line) else { break };
                // A program that ended wants no more.
                let _ = sender.send(text);
            }
            end();
        });
        Life { typed }
    }
}

/// The job's folder.
static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// Ends this process, and all that goes with it.
pub fn end() -> ! {
    end_all();
    std::process::exit(1);
}

/// Ends all that this process has started, and waits until it is gone; its folder goes
/// last.
pub fn end_all() {
    record::run::end_all();
    end_program();
    grading::kill_all_below();
    if let Some(folder) = FOLDER.get() {
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// Ends what is left of a job whose process was killed, by its process's number.
pub fn end_session(id: u32) {
    grading::kill_session(id);
}

/// The program's process; none is 0.
static PROGRAM: AtomicU32 = AtomicU32::new(0);

/// The process group of this number is the job's program.
pub fn ends_with_us(id: u32) {
    PROGRAM.store(id, Ordering::SeqCst);
}

/// Ends the program, with its process group.
pub fn end_program() {
    let id = PROGRAM.swap(0, Ordering::SeqCst);
    #[cfg(unix)]
    if let Some(group) = rustix::process::Pid::from_raw(id.cast_signed()) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = id;
}
