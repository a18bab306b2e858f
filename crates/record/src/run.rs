//! Runs a compiled program within a limit, and reads the trace that it writes.

use std::io::{self, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

#[cfg(windows)]
use process_wrap::std::JobObject;
#[cfg(unix)]
use process_wrap::std::ProcessGroup;
use process_wrap::std::{ChildWrapper, CommandWrap};
use recording::model::{Ending, Event, Limit, Trace, What};

/// As in the recorder's `host`: the file that describes the program.
const PERFORM: &str = "WB_PERFORM";
/// As in the recorder's `host`: how long the program may run, in milliseconds.
const LIMIT: &str = "WB_LIMIT";
/// As in the recorder's `host`; a line break stands before it.
const MARK: &[u8] = b"\n\x01trace ";

/// A program that writes more is given up; its trace is counted in.
const MOST_OUTPUT: u64 = 64 << 20;

/// As in the recorder: so much text is recorded. What a program writes past
/// `println!` counts as well.
const MOST_TEXT: usize = 8 << 20;

/// So much of what it writes on standard error is read, in bytes from the end.
const MOST_WORDS: usize = 64 << 10;

/// The recorder ends a program at its limit; so much later this process does.
const GRACE: Duration = Duration::from_secs(2);

/// How often a program that prints nothing is looked at.
const LOOK: Duration = Duration::from_millis(20);

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

/// Runs a program that is described so, and returns its trace, or how it ended
/// without one. The whole process group is gone afterwards.
///
/// # Errors
///
/// It cannot be started.
pub fn run(
    mut command: Command,
    description: &[u8],
    limit: Duration,
) -> io::Result<Result<Trace, Ending>> {
    let mut program = tempfile::NamedTempFile::new()?;
    program.write_all(description)?;
    command
        .env(PERFORM, program.path())
        .env(LIMIT, limit.as_millis().to_string())
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut wrapped = CommandWrap::from(command);
    #[cfg(unix)]
    wrapped.wrap(ProcessGroup::leader());
    #[cfg(windows)]
    wrapped.wrap(JobObject);
    let mut child = wrapped.spawn()?;
    limit_memory(child.id());
    let said = child.stderr().take().map(|stderr| thread::spawn(move || last_words(stderr)));
    let read = follow(&mut *child, limit + GRACE);
    // Whatever the program started and left behind goes with it.
    let _ = child.start_kill();
    let status = child.wait()?;
    let said = said.and_then(|said| said.join().ok()).unwrap_or_default();
    let lost = |why: String| Ending::Lost { why };
    let output = match read {
        Ok(output) => output,
        Err(ending) => return Ok(Err(ending)),
    };
    let Some(at) = output.windows(MARK.len()).rposition(|window| window == MARK) else {
        return Ok(Err(ending_of(status, &said)));
    };
    if at > MOST_TEXT {
        return Ok(Err(FLOOD));
    }
    let trace = read_trace(&output[at + MARK.len()..], &output[..at]).map_err(lost);
    Ok(trace.map(|trace| Trace { ending: known_better(trace.ending, status, &said), ..trace }))
}

/// The end of what it writes on standard error.
fn last_words(mut stderr: impl Read) -> String {
    let mut said = Vec::new();
    let mut part = [0; 8192];
    while let Ok(count @ 1..) = stderr.read(&mut part) {
        said.extend_from_slice(&part[..count]);
        said.drain(..said.len().saturating_sub(MOST_WORDS));
    }
    String::from_utf8_lossy(&said).into_owned()
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
            Some(code @ 1..) => Ending::Exited { code: Some(code) },
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

/// It writes and writes.
const FLOOD: Ending = Ending::Cut { limit: Limit::Bytes(MOST_TEXT) };

/// Reads standard output until the program ends, or the limit.
fn follow(child: &mut dyn ChildWrapper, limit: Duration) -> Result<Vec<u8>, Ending> {
    let lost = |why: String| Ending::Lost { why };
    let stdout = child.stdout().take();
    let stdout = stdout.ok_or_else(|| lost("it has no standard output".into()))?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut output = Vec::new();
        let read = stdout.take(MOST_OUTPUT + 1).read_to_end(&mut output);
        let _ = sender.send(read.map(|_| output));
    });
    let start = Instant::now();
    let output = loop {
        match receiver.recv_timeout(LOOK) {
            Ok(output) => break output,
            Err(_) if start.elapsed() > limit => {
                return Err(Ending::Cut { limit: Limit::Seconds((limit - GRACE).as_secs()) });
            }
            // What it has started and left behind may hold its output open.
            Err(_) if matches!(child.try_wait(), Ok(Some(_))) => {
                let _ = child.start_kill();
                match receiver.recv_timeout(limit) {
                    Ok(output) => break output,
                    Err(_) => {
                        return Err(lost("something it started holds its output open".into()));
                    }
                }
            }
            Err(_) => {}
        }
    };
    match output {
        Ok(output) if output.len() as u64 > MOST_OUTPUT => Err(FLOOD),
        Ok(output) => Ok(output),
        Err(error) => Err(lost(format!("its output cannot be read: {error}"))),
    }
}

/// The trace, with the lines that the program wrote past `println!`: they have
/// no task, but they are output.
fn read_trace(json: &[u8], stray: &[u8]) -> Result<Trace, String> {
    let mut trace: Trace = serde_json::from_slice(json)
        .map_err(|error| format!("its trace cannot be read: {error}"))?;
    for line in String::from_utf8_lossy(stray).lines() {
        let what = What::Print { text: line.to_owned(), branch: 0 };
        trace.events.push(Event { at: trace.end, task: None, line: None, what });
    }
    Ok(trace)
}
