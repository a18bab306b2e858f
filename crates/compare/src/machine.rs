//! What the machine is, and what memory a process has. The memory is read
//! from /proc: elsewhere than on Linux, those cases are left out.

use std::{
    fs,
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use compare::record::Machine;

/// The memory of this process that is in RAM, in bytes.
///
/// # Errors
///
/// There is no /proc.
pub fn resident() -> Result<f64> {
    kib(&fs::read_to_string("/proc/self/status")?, &["VmRSS:"])
}

/// The memory in RAM that a process shares with no other, in bytes.
///
/// # Errors
///
/// There is no /proc, or no such process.
pub fn private(process: u32) -> Result<f64> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    kib(&rollup, &["Private_Clean:", "Private_Dirty:"])
}

/// The sum of these lines, `Name:  123 kB`, in bytes.
fn kib(text: &str, names: &[&str]) -> Result<f64> {
    let lines = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let name = words.next()?;
        names.contains(&name).then(|| words.next()?.parse::<f64>().ok()).flatten()
    });
    let found: Vec<f64> = lines.collect();
    (found.len() == names.len()).then(|| found.iter().sum::<f64>() * 1024.0).context("no such line")
}

/// What can be told of this machine; empty where it does not say.
pub fn describe(python: &str, rounds: usize) -> Machine {
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let memory = field("/proc/meminfo", "MemTotal");
    let kib: f64 = memory.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(0.0);
    let print_python = "import platform; print(platform.python_version())";
    let print_uvloop = "import uvloop; print(uvloop.__version__)";
    let release = said("uname", &["-r"]);
    let release = release.split('-').next().unwrap_or_default();
    let rustc = said("rustc", &["--version"]);
    Machine {
        date: today(),
        cpu: field("/proc/cpuinfo", "model name"),
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        memory: (kib / 1024.0 / 1024.0).round() as u64,
        system: format!("{} {release} {}", said("uname", &["-s"]), said("uname", &["-m"])),
        rustc: rustc.split(' ').nth(1).unwrap_or_default().to_owned(),
        tokio: tokio_version(),
        python: said(python, &["-c", print_python]),
        uvloop: said(python, &["-c", print_uvloop]),
        rounds,
    }
}

/// The version in the lock file that this was compiled with.
fn tokio_version() -> String {
    let lock = include_str!("../../../Cargo.lock");
    let version = lock.split("name = \"tokio\"\nversion = \"").nth(1);
    version.and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.ok().filter(|output| output.status.success());
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}

/// The day in UTC, as `2026-01-31` (Howard Hinnant's `civil_from_days`).
fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let days = (since.as_secs() / 86_400) as i64 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}
