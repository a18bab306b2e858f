//! Signals, process groups and orphans. What a platform lacks does nothing.

use std::{
    collections::BTreeSet,
    io::{self, Read},
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use crate::tree;

/// Makes orphans below this process its children, however they detached.
pub fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    {
        // Refused only by a kernel older than 3.4.
        let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    }
}

/// Keeps other processes of the same user from reading this one's memory and
/// from opening its files through /proc.
pub(crate) fn shut_door() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Makes this process die with its parent.
pub(crate) fn die_with_parent() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
}

/// Backstops that the kernel keeps, for when the guard is gone or too slow.
pub(crate) fn limit_self(wall: Duration) {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let set = |resource, most: u64| {
            let limit = Rlimit { current: Some(most), maximum: Some(most) };
            // A lower limit that is already set stays.
            let _ = setrlimit(resource, limit);
        };
        set(Resource::Core, 0);
        set(Resource::Cpu, wall.as_secs() * 2 + 10);
        set(Resource::Fsize, 64 << 20);
        // Address space, not memory: every thread reserves a lot of it.
        #[cfg(target_os = "linux")]
        set(Resource::As, 8 << 30);
    }
    let _ = wall;
}

/// Gives the command a process group of its own.
pub(crate) fn own_group(command: &mut Command) -> &mut Command {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    command
}

/// Who started this process; changes when that process is gone.
pub(crate) fn parent() -> Option<u32> {
    #[cfg(unix)]
    {
        rustix::process::getppid().map(|pid| pid.as_raw_pid() as u32)
    }
    #[cfg(not(unix))]
    None
}

/// Kills a child with its whole group, and waits for the child.
pub(crate) fn kill_group(child: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        if let Some(pid) = Pid::from_raw(child.id() as i32) {
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Whether any process is left alive below the guard once the student's is
/// gone. One that was killed may need a moment to die.
pub(crate) fn stays_behind() -> bool {
    let until = Instant::now() + Duration::from_millis(100);
    while left_behind() {
        if Instant::now() > until {
            return true;
        }
        thread::sleep(Duration::from_millis(1));
    }
    false
}

/// Whether this process has a living child. Buries the dead on the way.
fn left_behind() -> bool {
    #[cfg(target_os = "linux")]
    loop {
        use rustix::{
            io::Errno,
            process::{WaitOptions, wait},
        };
        match wait(WaitOptions::NOHANG) {
            Ok(Some(_)) | Err(Errno::INTR) => {}
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
    #[cfg(not(target_os = "linux"))]
    false
}

/// Kills every process below this one until none is left (Linux).
pub fn kill_all_below() {
    // A bomb that forks as fast as it is killed is not fought for ever.
    for _ in 0..5000 {
        if !left_behind() {
            return;
        }
        kill_below(&BTreeSet::new());
        thread::sleep(Duration::from_millis(1));
    }
}

/// Kills every process of a session, by its leader's number (Linux).
pub fn kill_session(leader: u32) {
    #[cfg(unix)]
    for pid in tree::session(leader) {
        use rustix::process::{Pid, Signal, kill_process};
        if let Some(pid) = Pid::from_raw(pid as i32) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
    let _ = leader;
}

/// What the processes below this one use, together (Linux; elsewhere nothing is
/// seen).
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// Bytes of resident memory.
    pub memory: u64,
    /// Threads, a process being one at least.
    pub threads: u64,
}

/// What the processes below this one use at the moment.
pub fn usage_below() -> Usage {
    let processes = tree::below(std::process::id(), &BTreeSet::new());
    Usage {
        memory: processes.iter().map(|process| process.memory).sum(),
        threads: processes.iter().map(|process| process.threads).sum(),
    }
}

/// Whether there was anything to kill.
fn kill_below(except: &BTreeSet<u32>) -> bool {
    let processes = tree::below(std::process::id(), except);
    #[cfg(unix)]
    for process in &processes {
        use rustix::process::{Pid, Signal, kill_process};
        if let Some(pid) = Pid::from_raw(process.pid as i32) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
    !processes.is_empty()
}

/// The guards that this test process runs now. Whatever else is below it
/// belongs to a guard that was killed.
static GUARDS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// A guard that is known to run.
pub(crate) struct Guarded {
    child: Child,
}

impl Guarded {
    /// Starts the guard; what it prints comes out of the second.
    pub(crate) fn spawn(mut command: Command) -> io::Result<(Self, impl Read + Send + 'static)> {
        adopt_orphans();
        let (ours, theirs) = stream()?;
        command.stdin(Stdio::null()).stdout(theirs);
        let mut guards = GUARDS.lock().unwrap_or_else(PoisonError::into_inner);
        let child = command.spawn()?;
        guards.insert(child.id());
        Ok((Self { child }, ours))
    }

    /// Ends the guard. If it did not get to say anything, ends also what it
    /// was to end.
    pub(crate) fn end(mut self, answered: bool) {
        kill_group(&mut self.child);
        let mut guards = GUARDS.lock().unwrap_or_else(PoisonError::into_inner);
        guards.remove(&self.child.id());
        for _ in 0..1000 {
            if answered || !kill_below(&guards) {
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// A socket: unlike a pipe, it cannot be opened again through /proc.
#[cfg(unix)]
fn stream() -> io::Result<(impl Read + Send + 'static, Stdio)> {
    use std::os::{fd::OwnedFd, unix::net::UnixStream};
    let (ours, theirs) = UnixStream::pair()?;
    Ok((ours, OwnedFd::from(theirs).into()))
}

#[cfg(not(unix))]
fn stream() -> io::Result<(impl Read + Send + 'static, Stdio)> {
    let (ours, theirs) = io::pipe()?;
    Ok((ours, theirs.into()))
}
