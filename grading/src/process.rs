//! Signals, process groups and orphans. What a platform lacks does nothing.

use std::process::{Child, Command};

/// Makes orphans below this process its children, however they detached.
pub(crate) fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    {
        // Refused only by a kernel older than 3.4.
        let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
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
pub(crate) fn limit_self(wall: std::time::Duration) {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let set = |resource, most: u64| {
            let limit = Rlimit {
                current: Some(most),
                maximum: Some(most),
            };
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

/// Whether any process besides the student's (already waited for) is left
/// alive below the guard. Buries the dead on the way.
#[cfg(target_os = "linux")]
pub(crate) fn left_behind() -> bool {
    use rustix::process::{WaitOptions, wait};
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some(_)) => {}
            Ok(None) => return true,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

/// Whether a process is left: elsewhere than on Linux nobody can tell.
#[cfg(not(target_os = "linux"))]
pub(crate) fn left_behind() -> bool {
    false
}

/// Kills every process below this one until none is left.
pub(crate) fn kill_all_below() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Pid, Signal, kill_process};
        use std::{thread, time::Duration};
        // A bomb that forks as fast as it is killed is not fought for ever.
        for _ in 0..5000 {
            if !left_behind() {
                return;
            }
            for process in crate::tree::below(std::process::id()) {
                if let Some(pid) = Pid::from_raw(process.pid as i32) {
                    let _ = kill_process(pid, Signal::KILL);
                }
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}
