//! Runs code of somebody's where it reaches little. It knows not whose, nor why.
//!
//! - A student's tests: an empty folder of their own to write in, the system's
//!   programs and libraries to read, no variable of the teacher's environment, no
//!   TCP ([`run`]).
//! - The reader's own program, from a page: it reads what the reader can read,
//!   writes to a folder of its own, and signals nobody outside ([`start`], [`launcher`],
//!   [`hold`]).
//!
//! On Linux 5.13 and later the kernel holds them to that (Landlock); TCP from 6.7
//! on, signals from 6.12 on. Elsewhere the folder and the environment are all that
//! is done.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// How far the kernel holds the tests to their folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confinement {
    /// Files, TCP and signals.
    Full,
    /// What this kernel can do of it; files at least.
    Partial,
    /// Not at all.
    None,
}

/// What the tests keep of the environment.
const KEPT: [&str; 11] = [
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_MESSAGES",
    "SystemRoot",
    "TZ",
    "RUST_TEST_THREADS",
    "WB_LANG",
    "WB_REPORT",
    "WB_ROLE",
    "WB_WALL_MS",
];

/// Becomes `program`, confined to a folder of its own below `work`.
///
/// # Errors
///
/// The folder cannot be made or the program cannot be started.
pub fn run(work: &Path, program: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    let own = work.join(program.file_stem().unwrap_or_default());
    std::fs::create_dir_all(&own).with_context(|| own.display().to_string())?;
    let report = std::env::var_os(grading::report::REPORT).filter(|path| !path.is_empty());
    restrict(&own, program, report.map(PathBuf::from).as_deref())?;

    let kept = KEPT.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    let mut command = Command::new(program);
    command.args(arguments).env_clear().envs(kept).current_dir(&own);
    for name in ["HOME", "TMPDIR", "TEMP", "TMP"] {
        command.env(name, &own);
    }
    become_it(command).with_context(|| program.display().to_string())
}

/// How `workbook` is asked for a program that is held; see [`launcher`].
pub const HELD: &str = "held";

/// The words before a program's own that have `workbook` become it, held to writing
/// below these folders.
pub fn launcher(workbook: &Path, writable: &[&Path]) -> Vec<OsString> {
    let mut words = vec![workbook.into(), HELD.into(), writable.len().to_string().into()];
    words.extend(writable.iter().map(Into::into));
    words
}

/// Starts a program, held to writing below these folders, no file larger than
/// [`LARGEST`]. (Quicker than by a [`launcher`], which is itself a program.)
///
/// # Errors
///
/// It cannot be started.
pub fn start(mut command: Command, writable: Vec<PathBuf>) -> std::io::Result<Child> {
    // A thread is held for good, and hands it on to what it starts.
    let starting = std::thread::spawn(move || {
        let writable: Vec<&Path> = writable.iter().map(PathBuf::as_path).collect();
        // A kernel without it runs the program as a terminal would.
        let _ = hold(&writable);
        command.spawn()
    });
    let child = starting.join().expect("starting does not panic")?;
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Pid, Resource, Rlimit, prlimit};
        let limit = Rlimit { current: Some(LARGEST), maximum: Some(LARGEST) };
        // A lower limit that is already set stays; so does a program that is gone.
        let _ = prlimit(Pid::from_raw(child.id().cast_signed()), Resource::Fsize, limit);
    }
    Ok(child)
}

/// Becomes the program that the words behind [`HELD`] name: how many folders, the
/// folders, the program, its arguments. It may write below these folders, no file
/// larger than [`LARGEST`], and leaves no picture of its memory.
///
/// # Errors
///
/// The words name no program, or it cannot be started.
pub fn held(words: &[OsString]) -> Result<ExitCode> {
    let count = words.first().and_then(|it| it.to_str()?.parse::<usize>().ok());
    let rest = words.get(1..).unwrap_or_default();
    let (folders, command) = rest
        .split_at_checked(count.unwrap_or(0))
        .context("a held program is: COUNT FOLDER… PROGRAM")?;
    let (program, arguments) = command.split_first().context("a held program has a name")?;
    let folders: Vec<&Path> = folders.iter().map(Path::new).collect();
    // A kernel without it runs the program as a terminal would.
    let _ = hold(&folders);
    limit_files();
    let mut command = Command::new(program);
    command.args(arguments);
    become_it(command).with_context(|| Path::new(program).display().to_string())
}

/// How large a file of a held program may be, in bytes.
pub const LARGEST: u64 = 1 << 30;

fn limit_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        for (resource, most) in [(Resource::Fsize, LARGEST), (Resource::Core, 0)] {
            // A lower limit that is already set stays.
            let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
        }
    }
}

#[cfg(unix)]
fn become_it(mut command: Command) -> std::io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> std::io::Result<ExitCode> {
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}

/// What this kernel does of it. Tried on a thread, which it holds for good.
pub fn available() -> Confinement {
    let nowhere = std::env::temp_dir();
    std::thread::spawn(move || restrict(&nowhere, Path::new("/"), None))
        .join()
        .ok()
        .and_then(Result::ok)
        .unwrap_or(Confinement::None)
}

/// Holds this thread, and every process that it starts, to writing below these
/// folders; what it may read stays as it is.
///
/// # Errors
///
/// The kernel refuses what it says that it can do.
pub fn hold(writable: &[&Path]) -> Result<Confinement> {
    hold_thread(writable)
}

#[cfg(target_os = "linux")]
fn hold_thread(writable: &[&Path]) -> Result<Confinement> {
    use landlock::{AccessFs, Ruleset, RulesetAttr, Scope};
    let write = AccessFs::from_write(NEWEST);
    let mut ruleset = Ruleset::default().handle_access(write)?.scope(Scope::Signal)?.create()?;
    // Not the reader's terminal, into which somebody could type.
    let devices =
        ["null", "zero", "full", "random", "urandom"].map(|it| Path::new("/dev").join(it));
    for path in writable.iter().copied().chain(devices.iter().map(PathBuf::as_path)) {
        ruleset = allow(ruleset, path, write)?;
    }
    Ok(confinement(&ruleset.restrict_self()?))
}

#[cfg(not(target_os = "linux"))]
fn hold_thread(_: &[&Path]) -> Result<Confinement> {
    Ok(Confinement::None)
}

/// The newest that we know: an older kernel does what it can.
#[cfg(target_os = "linux")]
const NEWEST: landlock::ABI = landlock::ABI::V6;

/// Allows this below a path, or to a file; a path that is not there needs nothing.
#[cfg(target_os = "linux")]
fn allow(
    ruleset: landlock::RulesetCreated,
    path: &Path,
    access: landlock::BitFlags<landlock::AccessFs>,
) -> Result<landlock::RulesetCreated> {
    use landlock::{AccessFs, PathBeneath, PathFd, RulesetCreatedAttr};
    let Ok(opened) = PathFd::new(path) else { return Ok(ruleset) };
    // A file has no rights of a folder.
    let access = if path.is_dir() { access } else { access & AccessFs::from_file(NEWEST) };
    Ok(ruleset.add_rule(PathBeneath::new(opened, access))?)
}

#[cfg(target_os = "linux")]
fn confinement(status: &landlock::RestrictionStatus) -> Confinement {
    use landlock::RulesetStatus;
    match status.ruleset {
        RulesetStatus::FullyEnforced => Confinement::Full,
        RulesetStatus::PartiallyEnforced => Confinement::Partial,
        RulesetStatus::NotEnforced => Confinement::None,
    }
}

/// Where programs, libraries and what they read are installed.
#[cfg(target_os = "linux")]
const SYSTEM: [&str; 11] = [
    "/bin",
    "/dev",
    "/etc",
    "/gnu/store",
    "/lib",
    "/lib64",
    "/nix/store",
    "/proc",
    "/sbin",
    "/sys",
    "/usr",
];

/// Confines this thread and every process that it starts.
#[cfg(target_os = "linux")]
fn restrict(own: &Path, program: &Path, report: Option<&Path>) -> Result<Confinement> {
    use landlock::{Access, AccessFs, AccessNet, Ruleset, RulesetAttr, Scope};
    let all = AccessFs::from_all(NEWEST);
    let read = AccessFs::from_read(NEWEST);
    let open = AccessFs::ReadFile | AccessFs::WriteFile;
    let mut ruleset = Ruleset::default()
        .handle_access(all)?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?;
    let places = SYSTEM
        .into_iter()
        .map(|place| (Path::new(place), read))
        .chain([(program, AccessFs::Execute | AccessFs::ReadFile), (own, all)])
        .chain([(Path::new("/dev/null"), open)])
        .chain(report.map(|report| (report, open)));
    for (path, access) in places {
        ruleset = allow(ruleset, path, access)?;
    }
    Ok(confinement(&ruleset.restrict_self()?))
}

#[cfg(not(target_os = "linux"))]
fn restrict(_: &Path, _: &Path, _: Option<&Path>) -> Result<Confinement> {
    Ok(Confinement::None)
}
