//! Watches the student's process and names its end.

use std::{
    collections::BTreeSet,
    io::{self, BufRead, BufReader, Read},
    process::{self, Child, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender},
    thread,
    time::{Duration, Instant},
};

use crate::{
    Limits, Verdict, explain, printed, process as own_process,
    report::{self, Cut},
    subject::{self, STUDENT, Subject},
    tree,
    wire::{self, Ending, Frame, MARK, News, Told},
};

/// How long the process may take to reach its body: loading a binary from a
/// slow disk is not the student's time.
pub(crate) const START: Duration = Duration::from_secs(30);

const TICK: Duration = Duration::from_millis(2);
/// How often the whole tree is read rather than the one process.
const CENSUS: Duration = Duration::from_millis(40);
/// How long the output's end may take once every process is dead. It is read
/// by threads of this process, which a loaded machine may keep waiting.
const DRAIN: Duration = Duration::from_secs(10);

/// Runs the test in the student's process, to whatever end.
pub(crate) fn supervise(test: &Subject) -> io::Result<Ending> {
    own_process::adopt_orphans();
    let mut watch = Watch::start(test)?;
    let stop = watch.until_stop()?;
    let left = matches!(stop, Stop::Exited(_)) && own_process::stays_behind();
    own_process::kill_group(&mut watch.child);
    own_process::kill_all_below();
    watch.drain();

    let real_ms = watch.began.elapsed().as_millis() as u64;
    let all = watch.heard.output();
    let (output, cut) = printed::shorten(&all);
    let file = printed::keep(&subject::exercise(), test.name, &all, cut.is_some());
    let told = watch.heard.verdict(stop, left, &test.limits);
    Ok(Ending {
        verdict: told.verdict,
        message: told.message,
        virtual_ms: told.virtual_ms,
        real_ms,
        output,
        cut: cut.map(|cut| Cut { file, ..cut }),
    })
}

/// Why the watch ended.
#[derive(Debug)]
enum Stop {
    Exited(ExitStatus),
    Time { busy: bool },
    Output,
    Memory,
    Threads,
}

enum Event {
    Stdout(Vec<u8>),
    Stderr(Vec<u8>),
    Frame(Frame),
    /// A stream ended.
    End,
}

struct Watch {
    child: Child,
    events: Receiver<Event>,
    limits: Limits,
    began: Instant,
    heard: Heard,
    parent: Option<u32>,
    next_census: Instant,
    /// The CPU time used by half-time.
    at_half: Option<Duration>,
}

impl Watch {
    fn start(test: &Subject) -> io::Result<Self> {
        let nonce = wire::nonce();
        let mut command = test.invocation(STUDENT)?;
        own_process::own_group(&mut command)
            .env("RUST_BACKTRACE", "0")
            .env_remove(report::REPORT)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let (mut child, frames) = connect(command, &nonce)?;

        // Bounded, so that a flood waits in the pipe and not in memory.
        let (sender, events) = mpsc::sync_channel(16);
        let stdout = child.stdout.take().expect("it is piped");
        let stderr = child.stderr.take().expect("it is piped");
        pump(stdout, Event::Stdout, sender.clone());
        pump(stderr, Event::Stderr, sender.clone());
        if let Some(frames) = frames {
            listen(frames, sender);
        }
        let now = Instant::now();
        Ok(Self {
            child,
            events,
            limits: test.limits,
            began: now,
            heard: Heard::new(nonce),
            parent: own_process::parent(),
            next_census: now + CENSUS,
            at_half: None,
        })
    }

    fn until_stop(&mut self) -> io::Result<Stop> {
        let mut open = true;
        loop {
            if open {
                match self.events.recv_timeout(TICK) {
                    Ok(event) => self.hear(event),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => open = false,
                }
            } else {
                thread::sleep(TICK);
            }
            if self.heard.bytes > self.limits.output {
                return Ok(Stop::Output);
            }
            if let Some(status) = self.child.try_wait()? {
                return Ok(Stop::Exited(status));
            }
            if let Some(stop) = self.inspect() {
                return Ok(stop);
            }
            if own_process::parent() != self.parent {
                own_process::kill_group(&mut self.child);
                own_process::kill_all_below();
                process::exit(0);
            }
        }
    }

    fn hear(&mut self, event: Event) {
        if self.heard.take(event) {
            self.began = Instant::now();
        }
    }

    fn inspect(&mut self) -> Option<Stop> {
        let now = Instant::now();
        let own = tree::stat(self.child.id());
        let all = if now >= self.next_census {
            self.next_census = now + CENSUS;
            tree::below(process::id(), &BTreeSet::new())
        } else {
            own.into_iter().collect()
        };
        if all.iter().map(|process| process.threads).sum::<u64>() > self.limits.threads {
            return Some(Stop::Threads);
        }
        if all.iter().map(|process| process.memory).sum::<u64>() > self.limits.memory {
            return Some(Stop::Memory);
        }
        self.time(now)
    }

    fn time(&mut self, now: Instant) -> Option<Stop> {
        let allowed = match self.heard.started {
            true => self.limits.wall,
            false => START,
        };
        let used = now - self.began;
        if used >= allowed / 2 && self.at_half.is_none() {
            self.at_half = tree::wanted(self.child.id());
        }
        (used >= allowed).then(|| Stop::Time {
            busy: match (self.at_half, tree::wanted(self.child.id())) {
                // A thread that spins runs or queues for a core all the time,
                // however loaded the machine is; one that is blocked does neither.
                (Some(half), Some(now)) => now.saturating_sub(half) > allowed / 25,
                _ => true,
            },
        })
    }

    /// Takes what the dead still had in their pipes.
    fn drain(&mut self) {
        let until = Instant::now() + DRAIN;
        while self.heard.bytes <= self.limits.output {
            let left = until.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) => {
                    self.heard.take(event);
                }
                Err(_) => return,
            }
        }
    }
}

/// What came from the student's process.
struct Heard {
    nonce: String,
    started: bool,
    told: Option<Told>,
    bytes: usize,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Heard {
    fn new(nonce: String) -> Self {
        Self { nonce, started: false, told: None, bytes: 0, stdout: Vec::new(), stderr: Vec::new() }
    }

    /// Whether this is the news that the body starts.
    fn take(&mut self, event: Event) -> bool {
        match event {
            Event::Stdout(bytes) => {
                self.bytes += bytes.len();
                self.stdout.extend(bytes);
            }
            Event::Stderr(bytes) => {
                self.bytes += bytes.len();
                self.stderr.extend(bytes);
            }
            Event::Frame(frame) => return self.believe(frame),
            Event::End => {}
        }
        false
    }

    fn believe(&mut self, frame: Frame) -> bool {
        if frame.nonce != self.nonce {
            return false;
        }
        match frame.news {
            News::Started if !self.started => {
                self.started = true;
                return true;
            }
            News::Started => {}
            News::Ended(told) => self.told = Some(told),
        }
        false
    }

    /// What the student printed, without what libtest said first.
    fn output(&self) -> String {
        let stdout = String::from_utf8_lossy(&self.stdout);
        let printed = match stdout.split_once(&format!("{MARK}\n")) {
            Some((_, printed)) => printed,
            None => &stdout,
        };
        format!("{printed}{}", String::from_utf8_lossy(&self.stderr))
    }

    fn verdict(mut self, stop: Stop, left: bool, limits: &Limits) -> Told {
        if cfg!(not(unix)) {
            let stdout = String::from_utf8_lossy(&self.stdout).into_owned();
            for line in stdout.lines().filter_map(|line| line.split(MARK).nth(1)) {
                if let Ok(frame) = serde_json::from_str(line) {
                    self.believe(frame);
                }
            }
        }
        let (verdict, message) = match stop {
            Stop::Output => (Verdict::OutputFlood, explain::output_flood(limits.output)),
            Stop::Memory => (Verdict::OutOfMemory, explain::out_of_memory(limits.memory)),
            Stop::Threads => (Verdict::TooMany, explain::too_many(limits.threads)),
            Stop::Time { busy: true } => (Verdict::Hung, explain::hung(limits.wall)),
            Stop::Time { busy: false } => (Verdict::Blocked, explain::stands_still(limits.wall)),
            Stop::Exited(status) => match self.told {
                Some(told) if told.verdict == Verdict::Passed && left => {
                    return Told {
                        verdict: Verdict::Wrong,
                        message: explain::left_processes(),
                        ..told
                    };
                }
                Some(told) => return told,
                None => self.autopsy(status),
            },
        };
        Told { verdict, message, virtual_ms: None }
    }

    /// The name of an end that nobody told about.
    fn autopsy(&self, status: ExitStatus) -> (Verdict, crate::Text) {
        let stderr = String::from_utf8_lossy(&self.stderr);
        let aborted = !status.success() && status.code().is_none_or(|code| code > 255);
        if aborted && stderr.contains("has overflowed its stack") {
            (Verdict::StackOverflow, explain::stack_overflow())
        } else if aborted && stderr.contains("memory allocation of") {
            (Verdict::OutOfMemory, explain::allocation_failed())
        } else if killed_by(status, "SIGXFSZ") {
            (Verdict::OutputFlood, explain::file_too_big())
        } else if !self.started {
            (Verdict::EarlyExit, explain::never_started())
        } else {
            (Verdict::EarlyExit, explain::early_exit(&status.to_string()))
        }
    }
}

/// std names the signal in the status's text, and only there.
fn killed_by(status: ExitStatus, signal: &str) -> bool {
    status.code().is_none() && status.to_string().contains(signal)
}

fn pump(
    mut stream: impl Read + Send + 'static,
    event: impl Fn(Vec<u8>) -> Event + Send + 'static,
    events: SyncSender<Event>,
) {
    thread::spawn(move || {
        let mut buffer = vec![0; 16 << 10];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            if events.send(event(buffer[..count].to_vec())).is_err() {
                return;
            }
        }
        let _ = events.send(Event::End);
    });
}

fn listen(frames: impl Read + Send + 'static, events: SyncSender<Event>) {
    // A student who finds the socket can write to it. It is read no further
    // than any honest process would write.
    let frames = BufReader::new(frames.take(1 << 20));
    thread::spawn(move || {
        for line in frames.lines() {
            let Ok(line) = line else { break };
            if let Some(frame) = wire::find(&line)
                && events.send(Event::Frame(frame)).is_err()
            {
                return;
            }
        }
        let _ = events.send(Event::End);
    });
}

type Connected<R> = (Child, Option<R>);

#[cfg(unix)]
fn connect(
    mut command: process::Command,
    nonce: &str,
) -> io::Result<Connected<std::os::unix::net::UnixStream>> {
    use std::{
        io::Write,
        os::{fd::OwnedFd, unix::net::UnixStream},
    };
    let (mut ours, theirs) = UnixStream::pair()?;
    writeln!(ours, "{nonce}")?;
    let child = command.stdin(OwnedFd::from(theirs)).spawn()?;
    Ok((child, Some(ours)))
}

#[cfg(not(unix))]
fn connect(mut command: process::Command, nonce: &str) -> io::Result<Connected<io::Empty>> {
    use std::io::Write;
    let mut child = command.stdin(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        writeln!(stdin, "{nonce}")?;
    }
    Ok((child, None))
}
