//! Runs one program on the real clock until it ends, breaks a limit, or nobody
//! wants it any more, and tells what it prints as it prints it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use programs::compile::{self, CompileError};
use project::locale::Language;
use serde_json::json;

use crate::life::{self, Life, end_program};
use crate::tell::{self, tell};
use crate::{Job, Kind, limits, python};

/// How long a program may run.
pub const TIME: Duration = compile::LIMIT;
/// How much it may print, in bytes.
const OUTPUT: usize = 1 << 20;
/// How much memory it may take, with all that it starts, in bytes.
const MEMORY: u64 = 2 << 30;
/// How many threads it may have, with all that it starts.
const THREADS: u64 = 4096;

/// So much later a run ends whose reader does not read.
const LATE: Duration = Duration::from_secs(5);

/// How often the limits are looked at.
const LOOK: Duration = Duration::from_millis(50);
/// A line without an end is told after so long: it may be a question.
const PATIENCE: Duration = Duration::from_millis(40);
/// How long what a program started may still print after its end.
const AFTERWARDS: Duration = Duration::from_millis(200);

/// Runs the job's program.
///
/// # Errors
///
/// It cannot be started; what rustc says of it is told.
pub fn run(job: &Job, kind: Kind, life: Life) -> Result<()> {
    let Some(command) = (match kind {
        Kind::Python => Some(python::command(job)?),
        _ => rust(job)?,
    }) else {
        tell(&json!({ "code": null, "compiled": false }));
        return Ok(());
    };
    let mut child = started(command, &job.folder)?;
    life::ends_with_us(child.id());
    let start = Instant::now();
    limits::lift();
    tell(&json!({ "started": true }));
    // A reader who does not read holds the program up, and fills no memory.
    let (sender, events) = sync_channel(64);
    listen(&mut child, &sender);
    type_into(child.stdin.take(), life);
    watch_limits(sender, start);
    let ending = follow(&mut child, &events, start, job.language);
    end_program();
    tell(&ending?);
    Ok(())
}

/// The Rust program, compiled; nothing if it does not compile.
fn rust(job: &Job) -> Result<Option<Command>> {
    let path = job.project.program(&job.name);
    match compile::made(&job.project, &job.name, job.text.as_deref(), limits::cargo) {
        Ok(made) => {
            tell::diagnostics(&made.warnings, &path);
            Ok(Some(Command::new(made.executable)))
        }
        Err(CompileError::DoesNotCompile(said)) => {
            tell::diagnostics(&said, &path);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Starts it in a group of its own, held to writing in its folder.
fn started(mut command: Command, folder: &Path) -> Result<Child> {
    let folder: PathBuf = folder.join("here");
    std::fs::create_dir_all(&folder)?;
    command
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for name in ["TMPDIR", "TEMP", "TMP"] {
        command.env(name, &folder);
    }
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let program = PathBuf::from(command.get_program());
    confined::start(command, vec![folder]).with_context(|| program.display().to_string())
}

#[derive(Debug)]
enum Event {
    Printed(Stream, Vec<u8>),
    Closed,
    Broken(Limit),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Out,
    Err,
}

#[derive(Clone, Copy, Debug)]
enum Limit {
    Time,
    Output,
    Memory,
    Threads,
}

fn listen(child: &mut Child, sender: &SyncSender<Event>) {
    fn forward(mut from: impl Read + Send + 'static, stream: Stream, to: SyncSender<Event>) {
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                if to.send(Event::Printed(stream, buffer[..count].to_vec())).is_err() {
                    return;
                }
            }
            let _ = to.send(Event::Closed);
        });
    }
    if let Some(stdout) = child.stdout.take() {
        forward(stdout, Stream::Out, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        forward(stderr, Stream::Err, sender.clone());
    }
}

/// Hands on what the reader types, until the end of input.
fn type_into(stdin: Option<ChildStdin>, life: Life) {
    thread::spawn(move || {
        let mut stdin = stdin;
        while let Ok(Some(text)) = life.typed.recv() {
            let written = stdin.as_mut().map(|it| it.write_all(text.as_bytes()));
            if !matches!(written, Some(Ok(()))) {
                break;
            }
        }
        drop(stdin);
    });
}

fn watch_limits(sender: SyncSender<Event>, start: Instant) {
    thread::spawn(move || {
        let (mut broken, mut told) = (None, false);
        loop {
            thread::sleep(LOOK);
            // Nobody hears why, if nobody reads.
            if start.elapsed() > TIME + LATE {
                life::end();
            }
            broken = broken.or_else(|| broken_by(grading::usage_below()));
            if let Some(limit) = broken.filter(|_| !told) {
                // Told first: of a program that is gone nobody would know why. If nobody
                // listens at the moment, it ends all the same.
                told = !matches!(sender.try_send(Event::Broken(limit)), Err(TrySendError::Full(_)));
                end_program();
            }
        }
    });
}

fn broken_by(usage: grading::Usage) -> Option<Limit> {
    match () {
        () if usage.memory > MEMORY => Some(Limit::Memory),
        () if usage.threads > THREADS => Some(Limit::Threads),
        () => None,
    }
}

/// Tells what the program prints until it ends; how it did.
fn follow(
    child: &mut Child,
    events: &Receiver<Event>,
    start: Instant,
    language: Language,
) -> Result<serde_json::Value> {
    let mut streams = [Line::new(Stream::Out), Line::new(Stream::Err)];
    let (mut printed, mut open) = (0, 2);
    let mut ended: Option<(ExitStatus, Instant)> = None;
    loop {
        let event = events.recv_timeout(Duration::from_millis(5));
        let nothing_came = event.is_err();
        let at = start.elapsed();
        let broken = match event {
            Ok(Event::Printed(stream, bytes)) => {
                printed += bytes.len();
                let left = OUTPUT.saturating_sub(printed - bytes.len());
                streams[stream as usize].add(&bytes[..bytes.len().min(left)], at);
                (printed > OUTPUT).then_some(Limit::Output)
            }
            Ok(Event::Closed) => {
                open -= 1;
                None
            }
            Ok(Event::Broken(limit)) => Some(limit),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
        };
        let broken = broken.or_else(|| (at > TIME).then_some(Limit::Time));
        streams.iter_mut().for_each(|line| line.tell_if_old(at));
        if ended.is_none() {
            // Whatever the program has started goes with it.
            ended = child.try_wait()?.map(|status| (status, Instant::now()));
            if ended.is_some() {
                end_program();
            }
        }
        let waited = |at: Instant| nothing_came && at.elapsed() > AFTERWARDS;
        let is_over = ended.is_some_and(|(_, at)| open == 0 || waited(at));
        if broken.is_none() && !is_over {
            continue;
        }
        streams.iter_mut().for_each(|line| line.tell_rest(at));
        return Ok(match (broken, ended) {
            (None, Some((status, _))) => ending(status),
            (Some(limit), _) => json!({ "error": words(limit, language) }),
            (None, None) => unreachable!("it is over"),
        });
    }
}

/// A stream's last line, as far as it is printed.
struct Line {
    stream: Stream,
    bytes: Vec<u8>,
    since: Duration,
}

impl Line {
    fn new(stream: Stream) -> Line {
        Line { stream, bytes: Vec::new(), since: Duration::ZERO }
    }

    fn add(&mut self, bytes: &[u8], at: Duration) {
        if self.bytes.is_empty() {
            self.since = at;
        }
        self.bytes.extend_from_slice(bytes);
        if let Some(end) = self.bytes.iter().rposition(|&byte| byte == b'\n') {
            let rest = self.bytes.split_off(end + 1);
            self.tell_rest(at);
            (self.bytes, self.since) = (rest, at);
        }
    }

    fn tell_if_old(&mut self, at: Duration) {
        // Not in the middle of a letter.
        let whole = match std::str::from_utf8(&self.bytes) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.bytes.len(),
        };
        if whole > 0 && at.saturating_sub(self.since) > PATIENCE {
            let rest = self.bytes.split_off(whole);
            self.tell_rest(self.since);
            (self.bytes, self.since) = (rest, at);
        }
    }

    fn tell_rest(&mut self, at: Duration) {
        if self.bytes.is_empty() {
            return;
        }
        let text = String::from_utf8_lossy(&self.bytes);
        let name = if self.stream == Stream::Out { "out" } else { "err" };
        tell(&json!({ name: text, "at": u64::try_from(at.as_millis()).unwrap_or(u64::MAX) }));
        self.bytes.clear();
    }
}

fn ending(status: ExitStatus) -> serde_json::Value {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return json!({ "signal": signal, "name": signal_name(signal) });
    }
    json!({ "code": status.code() })
}

#[cfg(unix)]
fn signal_name(signal: i32) -> String {
    match signal {
        1 => "SIGHUP".to_owned(),
        2 => "SIGINT".to_owned(),
        3 => "SIGQUIT".to_owned(),
        4 => "SIGILL".to_owned(),
        6 => "SIGABRT".to_owned(),
        8 => "SIGFPE".to_owned(),
        9 => "SIGKILL".to_owned(),
        11 => "SIGSEGV".to_owned(),
        13 => "SIGPIPE".to_owned(),
        15 => "SIGTERM".to_owned(),
        other => other.to_string(),
    }
}

fn words(limit: Limit, language: Language) -> String {
    match limit {
        Limit::Time => {
            let seconds = TIME.as_secs();
            language.pick(
                format!("超过 {seconds} 秒，已停止。"),
                format!("It ran longer than {seconds} s and was stopped."),
            )
        }
        Limit::Output => language.pick(
            format!("输出超过 {} KiB，已停止。", OUTPUT >> 10),
            format!("It printed more than {} KiB and was stopped.", OUTPUT >> 10),
        ),
        Limit::Memory => language.pick(
            format!("用了超过 {} GiB 的内存，已停止。", MEMORY >> 30),
            format!("It took more than {} GiB of memory and was stopped.", MEMORY >> 30),
        ),
        Limit::Threads => language.pick(
            format!("线程超过 {THREADS} 个，已停止。"),
            format!("It had more than {THREADS} threads and was stopped."),
        ),
    }
}
