//! Runs everything in turn, round after round, each in a process of its own.

use std::{
    env, fs,
    io::Write as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use compare::record::{Advice, CASES, LOOPS, Measured, Record, UNITS_OF_WORK};
use project::locale::t;

use crate::machine;

/// The groups of `benches/advice.rs`, in the order of the chapter.
pub const ADVICE: [&str; 8] = [
    "overlap_waits",
    "short_lock",
    "plain_lock",
    "use_cores",
    "spawn_many",
    "buffer_writes",
    "one_blocking_call",
    "keep_connection",
];

/// Measures all cases.
///
/// # Errors
///
/// A measurement fails. A case that this system or this Python cannot do is
/// left out, and standard error says so.
pub fn run(rounds: usize) -> Result<Record> {
    let python = env::var("WB_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let machine = machine::describe(&python, rounds);
    if machine.python.is_empty() {
        eprintln!("{}", t("没有找到 Python：只测 Rust。", "No Python here: Rust alone."));
    } else if machine.uvloop.is_empty() {
        eprintln!(
            "{}",
            t(
                "没有 uvloop：在 venv 里 pip install uvloop，再用 WB_PYTHON 指明那个 Python。",
                "No uvloop: pip install uvloop in a venv, and name its Python in WB_PYTHON.",
            )
        );
    }
    let port = slow_server()?;
    let mut plan: Vec<Measured> = Vec::new();
    let mut add = |case: &str, by: &str| {
        plan.push(Measured { case: case.to_owned(), by: by.to_owned(), values: Vec::new() });
    };
    let present = |by: &str| match by {
        "asyncio" | "python" => !machine.python.is_empty(),
        "uvloop" => !machine.uvloop.is_empty(),
        _ => true,
    };
    for case in CASES {
        LOOPS.into_iter().filter(|by| present(by)).for_each(|by| add(case, by));
    }
    for case in UNITS_OF_WORK {
        ["rust", "python"].into_iter().filter(|by| present(by)).for_each(|by| add(case, by));
    }
    // What this system does not tell.
    plan.retain(|it| !it.case.ends_with("memory") || Path::new("/proc/self/smaps_rollup").exists());

    let all = plan.len() * rounds;
    for round in 0..rounds {
        for (number, it) in (round * plan.len() + 1..).zip(&mut plan) {
            eprint!("\r\x1b[K{number}/{all} {} {}", it.case, it.by);
            std::io::stderr().flush()?;
            let value = one(&python, &it.case, &it.by, port)?;
            it.values.push((value * 100.0).round() / 100.0);
        }
    }
    eprint!("\r\x1b[K");
    for it in &mut plan {
        it.values.sort_by(f64::total_cmp);
    }
    Ok(Record { machine, results: plan, advice: advice() })
}

/// One measurement, in a process of its own.
fn one(python: &str, case: &str, by: &str, port: u16) -> Result<f64> {
    let mut command = match by {
        "asyncio" | "uvloop" | "python" => {
            let mut command = Command::new(python);
            command.arg(here().join("cases.py"));
            command
        }
        _ => {
            let mut command = Command::new(env::current_exe()?);
            command.arg("measure");
            command
        }
    };
    let port = port.to_string();
    let output = command.args([case, by, &port]).stderr(Stdio::inherit()).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("{case}, {by}: {}", output.status);
    }
    said.trim().parse().with_context(|| format!("{case}, {by}: {said:?}"))
}

/// A server that answers every connection after half a second; the same for all.
fn slow_server() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(500));
                let _ = (&stream).write_all(b"answer\n");
            });
        }
    });
    Ok(port)
}

/// What `cargo bench -p compare` found last, if it ran.
fn advice() -> Vec<Advice> {
    let folder = env::current_exe().ok();
    let Some(target) = folder.as_deref().and_then(|path| path.parent()?.parent()) else {
        return Vec::new();
    };
    let median = |group: &str, which: &str| {
        let file = target.join(format!("criterion/{group}/{which}/new/estimates.json"));
        let text = fs::read_to_string(file).ok()?;
        let rest = text.split("\"median\":").nth(1)?.split("\"point_estimate\":").nth(1)?;
        rest.split([',', '}']).next()?.trim().parse().ok()
    };
    let found = ADVICE.into_iter().filter_map(|name| {
        let (before, after) = (median(name, "before")?, median(name, "after")?);
        Some(Advice { name: name.to_owned(), before, after })
    });
    found.collect()
}

/// Writes `recorded.toml`.
///
/// # Errors
///
/// It cannot be written, or is a link: that is not written through.
pub fn keep(found: &Record) -> Result<()> {
    let path = here().join("recorded.toml");
    if fs::symlink_metadata(&path).is_ok_and(|data| data.is_symlink()) {
        bail!(t(
            "crates/compare/recorded.toml 是一个链接，不会写进它指的地方；请先删掉这个链接。",
            "crates/compare/recorded.toml is a link and is not written through; remove the link first."
        ));
    }
    let head = "# Written by `cargo run --release -- compare --record`, after `cargo bench -p compare`.\n\
                # Values are nanoseconds or bytes. The chapter `performance` shows them.\n\n";
    fs::write(&path, head.to_owned() + &toml::to_string(found)?)?;
    eprintln!(
        "{}",
        t("已写入 crates/compare/recorded.toml。", "Wrote crates/compare/recorded.toml.")
    );
    Ok(())
}

/// This package's folder.
fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
