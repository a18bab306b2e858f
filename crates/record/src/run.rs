//! Runs a compiled program within a limit, and reads the trace that it writes.
//!
//! Everything goes through files: what the program started and left behind may
//! hold its output open for as long as it likes.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

#[cfg(windows)]
use process_wrap::std::JobObject;
use process_wrap::std::{ChildWrapper, CommandWrap};
use recording::model::{Ending, Limit, Trace};

use crate::compile::Description;

/// As in the recorder's `host`: the file that describes the program.
const PERFORM: &str = "WB_PERFORM";
/// As in the recorder's `host`: how long the program may run, in milliseconds.
const LIMIT: &str = "WB_LIMIT";

/// As in the recorder: so much text is recorded, in bytes. A program that writes
/// more past `println!` is given up.
const MOST_TEXT: usize = 8 << 20;

/// So much of what it writes on standard error is read, in bytes from the end.
const MOST_WORDS: u64 = 64 << 10;

/// The recorder ends a program at its limit; so much later this process does.
const GRACE: Duration = Duration::from_secs(2);

/// How often a program is looked at.
const LOOK: Duration = Duration::from_millis(3);

/// No recorded program needs as much address space, in bytes.
#[cfg(target_os = "linux")]
const MOST_MEMORY: u64 = 8 << 30;

/// One that takes all memory harms nobody else.
fn limit_memory(id: u32) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Pid, Resource, Rlimit, prlimit};
        let limit = Rlimit { current: Some(MOST_MEMORY), maximum: Some(MOST_MEMORY) };
        // A lower limit that is already set stays; so does a program that is gone.
        let _ = prlimit(Pid::from_raw(id.cast_signed()), Resource::As, limit);
    }
    let _ = id;
}

/// What runs at the moment.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Ends every program that is being recorded, with whatever it has started: the
/// process is about to end itself.
pub fn end_all() {
    let running = RUNNING.lock().unwrap_or_else(|it| it.into_inner());
    running.iter().copied().for_each(end_group);
}

/// Ends the process group of this number.
fn end_group(id: u32) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        if let Some(group) = Pid::from_raw(id.cast_signed()) {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    let _ = id;
}

/// Runs a program that is described so, and returns its trace, or how it ended
/// without one. The whole process group is gone afterwards.
///
/// # Errors
///
/// It cannot be started.
pub fn run(
    mut command: Command,
    description: &Description,
    limit: Duration,
) -> io::Result<Result<Trace, Ending>> {
    let folder = tempfile::tempdir()?;
    let [program, trace, output, errors] =
        ["program.json", "trace.json", "output", "errors"].map(|name| folder.path().join(name));
    let description = Description {
        trace: trace.to_string_lossy().into_owned(),
        output: output.to_string_lossy().into_owned(),
        ..description.clone()
    };
    std::fs::write(&program, serde_json::to_vec(&description)?)?;
    let append = |path: &Path| File::options().create(true).append(true).open(path);
    command
        .env(PERFORM, &program)
        .env(LIMIT, limit.as_millis().to_string())
        .env_remove("RUST_BACKTRACE")
        // A recording is the same whoever makes it.
        .env("WB_LANG", "en")
        .stdin(Stdio::null())
        .stdout(append(&output)?)
        .stderr(append(&errors)?);
    // (The wrapper for process groups would wait for all that the program leaves behind.)
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut wrapped = CommandWrap::from(command);
    #[cfg(windows)]
    wrapped.wrap(JobObject);
    let mut child = wrapped.spawn()?;
    let id = child.id();
    limit_memory(id);
    let held = || RUNNING.lock().unwrap_or_else(|it| it.into_inner());
    held().push(id);
    let given_up = follow(&mut *child, [&output, &errors], limit + GRACE);
    // Whatever the program started and left behind goes with it.
    end_group(id);
    let _ = child.start_kill();
    let status = child.wait();
    held().retain(|running| *running != id);
    let status = status?;
    let said = last_words(&errors).unwrap_or_default();
    if let Some(ending) = given_up {
        return Ok(Err(ending));
    }
    let Ok(json) = std::fs::read(&trace) else {
        return Ok(Err(ending_of(status, &said)));
    };
    let lost = |error: serde_json::Error| Ending::Lost {
        why: format!("its trace cannot be read: {error}"),
    };
    let trace = serde_json::from_slice::<Trace>(&json).map_err(lost);
    Ok(trace.map(|trace| Trace { ending: known_better(trace.ending, status, &said), ..trace }))
}

/// The end of what it wrote on standard error.
fn last_words(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(MOST_WORDS)))?;
    let mut said = Vec::new();
    file.read_to_end(&mut said)?;
    Ok(String::from_utf8_lossy(&said).into_owned())
}

/// How a process ended that left no trace.
fn ending_of(status: ExitStatus, said: &str) -> Ending {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return known_better(Ending::Killed { signal }, status, said);
    }
    Ending::Exited { code: status.code() }
}

/// What the process itself could not know, or only told on standard error.
fn known_better(ending: Ending, status: ExitStatus, said: &str) -> Ending {
    match ending {
        Ending::Exited { code: None } => Ending::Exited { code: status.code() },
        Ending::Error { message: None } => Ending::Error { message: error(said) },
        // Of a program whose `main` is its own, its exit code tells the rest.
        Ending::Returned => match status.code() {
            Some(101) => Ending::Panicked { message: panic(said).unwrap_or_default() },
            Some(1) if error(said).is_some() => Ending::Error { message: error(said) },
            Some(code @ 1..) => Ending::Failed { code },
            _ => Ending::Returned,
        },
        Ending::Aborted | Ending::Killed { .. } if said.contains("has overflowed its stack") => {
            Ending::Overflowed
        }
        Ending::Aborted | Ending::Killed { .. } if said.contains("memory allocation of") => {
            Ending::OutOfMemory
        }
        other => other,
    }
}

/// What `main` returned, as std prints it.
fn error(said: &str) -> Option<String> {
    said.lines().rev().find_map(|line| line.strip_prefix("Error: ")).map(str::to_owned)
}

/// The words of the last panic, as std prints them.
fn panic(said: &str) -> Option<String> {
    let (_, words) = said.rsplit_once(" panicked at ")?;
    words.lines().nth(1).map(str::to_owned)
}

/// Waits until the program ends; or why it is given up.
fn follow(child: &mut dyn ChildWrapper, written: [&Path; 2], limit: Duration) -> Option<Ending> {
    let start = Instant::now();
    loop {
        if !matches!(child.try_wait(), Ok(None)) {
            return None;
        }
        if start.elapsed() > limit {
            return Some(Ending::Cut { limit: Limit::Seconds((limit - GRACE).as_secs()) });
        }
        // The recorder gives up sooner, where it gets to look.
        let is_long = |path: &Path| {
            std::fs::metadata(path).is_ok_and(|data| data.len() > 4 * MOST_TEXT as u64)
        };
        if written.into_iter().any(is_long) {
            return Some(Ending::Cut { limit: Limit::Bytes(MOST_TEXT) });
        }
        thread::sleep(LOOK);
    }
}
