//! The processes of a test, as Linux shows them under /proc. On other
//! platforms nothing is seen and nothing is found.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    time::Duration,
};

/// What is known of one process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stat {
    pub pid: u32,
    parent: u32,
    session: u32,
    zombie: bool,
    pub threads: u64,
    /// Resident bytes.
    pub memory: u64,
}

/// Whether processes can be seen at all.
pub(crate) fn works() -> bool {
    stat(std::process::id()).is_some()
}

/// One process, if it is there.
pub(crate) fn stat(pid: u32) -> Option<Stat> {
    if cfg!(not(target_os = "linux")) {
        return None;
    }
    let line = fs::read(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything, also parentheses.
    let fields = &line[line.iter().rposition(|&byte| byte == b')')? + 1..];
    let fields: Vec<&str> = std::str::from_utf8(fields).ok()?.split_ascii_whitespace().collect();
    // proc_pid_stat(5) counts from 1 and `state`, the first here, is its 3rd.
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    Some(Stat {
        pid,
        zombie: matches!(fields.first(), Some(&("Z" | "X"))),
        parent: field(4)? as u32,
        session: field(6)? as u32,
        threads: field(20)?,
        memory: field(24)? * page_size(),
    })
}

/// How long the threads of a process ran or stood in the scheduler's queue.
pub(crate) fn wanted(pid: u32) -> Option<Duration> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let times = threads.filter_map(|thread| {
        let line = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        scheduled(&line)
    });
    Some(times.sum())
}

/// What a line of `schedstat` says: the time on a core and the time in the queue.
pub(crate) fn scheduled(line: &str) -> Option<Duration> {
    let mut nanos = line.split_ascii_whitespace().map(str::parse::<u64>);
    let (on_cpu, queued) = (nanos.next()?.ok()?, nanos.next()?.ok()?);
    Some(Duration::from_nanos(on_cpu + queued))
}

/// The processes of a session.
pub(crate) fn session(leader: u32) -> Vec<u32> {
    all().filter(|process| process.session == leader).map(|process| process.pid).collect()
}

/// Every process that can be seen.
fn all() -> impl Iterator<Item = Stat> {
    let directory = fs::read_dir("/proc").into_iter().flatten();
    directory.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).filter_map(stat)
}

/// Every living process below `root`, without `except` and those below them.
pub(crate) fn below(root: u32, except: &BTreeSet<u32>) -> Vec<Stat> {
    let mut others: Vec<Stat> = all().filter(|process| !except.contains(&process.pid)).collect();
    let mut family = HashSet::from([root]);
    let mut found = Vec::new();
    loop {
        let (children, rest) =
            others.into_iter().partition::<Vec<_>, _>(|process| family.contains(&process.parent));
        if children.is_empty() {
            break;
        }
        family.extend(children.iter().map(|child| child.pid));
        found.extend(children);
        others = rest;
    }
    found.retain(|process| !process.zombie);
    found
}

#[cfg(unix)]
fn page_size() -> u64 {
    rustix::param::page_size() as u64
}

#[cfg(not(unix))]
fn page_size() -> u64 {
    1
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::process::{self, Command};

    #[test]
    fn sees_itself_and_its_children() {
        let own = stat(process::id()).unwrap();
        assert!(own.threads >= 2 && own.memory > 0);

        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let seen = below(process::id(), &BTreeSet::new());
        let except = below(process::id(), &BTreeSet::from([child.id()]));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(seen.iter().any(|process| process.pid == child.id()));
        assert!(!except.iter().any(|process| process.pid == child.id()));
        assert!(below(child.id(), &BTreeSet::new()).is_empty());
    }
}
