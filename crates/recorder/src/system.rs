//! What the operating system tells of the process's threads: where each stands,
//! and whether it waits for ever. Linux alone tells it.

#[cfg(target_os = "linux")]
pub(crate) use of_linux::*;

#[cfg(target_os = "linux")]
mod of_linux {
    use std::{
        sync::atomic::{AtomicBool, AtomicUsize, Ordering},
        time::{Duration, Instant},
    };

    /// The deepest stack that is read off another thread.
    const DEPTH: usize = 512;
    static ADDRESSES: [AtomicUsize; DEPTH] = [const { AtomicUsize::new(0) }; DEPTH];
    static READ: AtomicUsize = AtomicUsize::new(0);
    /// In the place of the number of addresses, until they are written.
    const UNDER_WAY: usize = usize::MAX;

    static ABORTS: AtomicBool = AtomicBool::new(false);

    /// Whether the program aborts.
    pub(crate) fn has_aborted() -> bool {
        ABORTS.load(Ordering::SeqCst)
    }

    /// Notes that the program aborts, and holds up the thread that does, until
    /// the watcher has written the trace.
    extern "C" fn aborts(_: libc::c_int) {
        ABORTS.store(true, Ordering::SeqCst);
        loop {
            // SAFETY: it has no arguments, and a signal handler may call it.
            unsafe { libc::pause() };
        }
    }

    /// Reads this thread's stack into `ADDRESSES`. It runs on a thread that does
    /// not go on, and allocates nothing.
    extern "C" fn read_stack(_: libc::c_int) {
        let mut count = 0;
        // SAFETY: one thread at a time is asked, and while it reads, the watcher
        // waits; nobody else looks up symbols then but a thread that is held up.
        unsafe {
            backtrace::trace_unsynchronized(|frame| {
                if let Some(slot) = ADDRESSES.get(count) {
                    slot.store(frame.ip().addr(), Ordering::Relaxed);
                    count += 1;
                }
                count < DEPTH
            });
        }
        READ.store(count, Ordering::SeqCst);
    }

    fn handle(signal: libc::c_int, handler: extern "C" fn(libc::c_int)) {
        // SAFETY: the action is zero but for what is set, and both handlers keep
        // to what a handler may do.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = handler as *const () as usize;
            action.sa_flags = libc::SA_RESTART;
            libc::sigaction(signal, &raw const action, std::ptr::null_mut());
        }
    }

    /// From here on, abort is noted and stacks can be read.
    pub(crate) fn catch() {
        handle(libc::SIGABRT, aborts);
        handle(libc::SIGUSR2, read_stack);
    }

    /// The number by which the system knows this thread.
    pub(crate) fn thread() -> i32 {
        // SAFETY: it takes nothing and always succeeds.
        unsafe { libc::gettid() }
    }

    /// What stands on a thread's stack that does not go on: return addresses, the
    /// top first. Nothing, if it cannot be told.
    pub(crate) fn addresses(thread: i32) -> Vec<usize> {
        READ.store(UNDER_WAY, Ordering::SeqCst);
        // SAFETY: a number that is no thread of this process is refused.
        unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread, libc::SIGUSR2) };
        let asked = Instant::now();
        while READ.load(Ordering::SeqCst) == UNDER_WAY {
            if asked.elapsed() > Duration::from_millis(200) {
                return Vec::new();
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let count = READ.load(Ordering::SeqCst).min(DEPTH);
        ADDRESSES[..count].iter().map(|slot| slot.load(Ordering::Relaxed)).collect()
    }

    /// Whether every thread but this one waits for another one with no limit;
    /// `None` if the system does not tell.
    pub(crate) fn all_wait(idle: usize) -> Option<bool> {
        let own = thread();
        let mut limited = 0;
        for entry in std::fs::read_dir("/proc/self/task").ok()?.flatten() {
            let id: i32 = entry.file_name().to_str()?.parse().ok()?;
            if id == own {
                continue;
            }
            let Ok(call) = std::fs::read_to_string(entry.path().join("syscall")) else {
                // It has just ended, or the system keeps it to itself.
                if entry.path().exists() {
                    return None;
                }
                return Some(false);
            };
            match waits(&call) {
                Waits::ForEver => {}
                Waits::Limited => limited += 1,
                Waits::No => return Some(false),
            }
        }
        Some(limited <= idle)
    }

    enum Waits {
        ForEver,
        Limited,
        No,
    }

    /// Reads `202 0x7f… 0x189 0x0 0x0 …`: the call's number and arguments.
    fn waits(call: &str) -> Waits {
        let mut words = call.split_whitespace();
        let number: Option<libc::c_long> = words.next().and_then(|word| word.parse().ok());
        let arguments: Vec<u64> = words
            .filter_map(|word| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok())
            .collect();
        let argument = |index: usize| arguments.get(index).copied().unwrap_or_default();
        match number {
            Some(libc::SYS_futex) if argument(3) == 0 => Waits::ForEver,
            Some(libc::SYS_futex) => Waits::Limited,
            Some(libc::SYS_epoll_pwait) if argument(3) as u32 == u32::MAX => Waits::ForEver,
            #[cfg(target_arch = "x86_64")]
            Some(libc::SYS_epoll_wait) if argument(3) as u32 == u32::MAX => Waits::ForEver,
            _ => Waits::No,
        }
    }

    /// How much the process has in memory, in bytes.
    pub(crate) fn resident() -> Option<usize> {
        let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
        let pages: usize = pages.split(' ').nth(1)?.parse().ok()?;
        Some(pages * rustix::param::page_size())
    }

    /// Ends the process without a word to anyone.
    pub(crate) fn leave() -> ! {
        // SAFETY: it ends the process here and now.
        unsafe { libc::_exit(0) }
    }

    #[cfg(test)]
    mod tests {
        use super::{Waits, waits};

        #[test]
        fn a_wait_with_a_limit_is_none_for_ever() {
            let futex = libc::SYS_futex;
            assert!(matches!(
                waits(&format!("{futex} 0x7f00 0x80 0x2 0x0 0x0 0x0 0x1 0x2")),
                Waits::ForEver
            ));
            assert!(matches!(
                waits(&format!("{futex} 0x7f00 0x89 0x2 0x7ff0 0x0 0x0 0x1 0x2")),
                Waits::Limited
            ));
            assert!(matches!(waits("running"), Waits::No));
        }
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::*;

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    pub(crate) fn has_aborted() -> bool {
        false
    }

    pub(crate) fn resident() -> Option<usize> {
        None
    }

    pub(crate) fn catch() {}

    pub(crate) fn thread() -> i32 {
        0
    }

    pub(crate) fn addresses(_: i32) -> Vec<usize> {
        Vec::new()
    }

    pub(crate) fn all_wait(_: usize) -> Option<bool> {
        None
    }

    pub(crate) fn leave() -> ! {
        std::process::exit(0)
    }
}
