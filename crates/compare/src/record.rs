//! A run of the comparison, as `recorded.toml` keeps it and the chapter
//! `performance` shows it. The workbook includes this file.

use serde::{Deserialize, Serialize};

/// Everything that one run found out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Record {
    /// Where and with what it ran.
    pub machine: Machine,
    /// A contender's times at a case.
    #[serde(default, rename = "result")]
    pub results: Vec<Measured>,
    /// What criterion measured for each advice.
    #[serde(default, rename = "advice")]
    pub advice: Vec<Advice>,
}

/// Where and with what a run was recorded.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Machine {
    /// The day, as `2026-01-31`.
    pub date: String,
    /// The processor, by its own name.
    pub cpu: String,
    /// How many threads it runs at once.
    pub cores: usize,
    /// Its memory, in GiB.
    pub memory: u64,
    /// The operating system, its version and the architecture.
    pub system: String,
    /// `1.95.0`
    pub rustc: String,
    /// The version of tokio.
    pub tokio: String,
    /// `3.13.0`, or nothing.
    pub python: String,
    /// The version of uvloop, or nothing.
    pub uvloop: String,
    /// How often each case was measured.
    pub rounds: usize,
}

/// What one contender needed for one case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Measured {
    /// One of [`CASES`] or [`UNITS_OF_WORK`].
    pub case: String,
    /// One of [`LOOPS`], or `rust` or `python`.
    pub by: String,
    /// A value for each round, smallest first: nanoseconds, or bytes.
    pub values: Vec<f64>,
}

impl Measured {
    /// The value in the middle.
    pub fn median(&self) -> f64 {
        self.at(0.5)
    }

    /// Half the distance between the quartiles, in parts of the median.
    pub fn spread(&self) -> f64 {
        (self.at(0.75) - self.at(0.25)) / 2.0 / self.median()
    }

    /// The value that this part of them does not exceed, between two of them
    /// if need be.
    fn at(&self, part: f64) -> f64 {
        let place = part * (self.values.len() - 1) as f64;
        let (low, high) = (self.values[place.floor() as usize], self.values[place.ceil() as usize]);
        low + (high - low) * place.fract()
    }
}

/// What an advice brings: the medians of criterion, in nanoseconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Advice {
    /// The group's name in `benches/advice.rs`.
    pub name: String,
    /// The program that does not follow it.
    pub before: f64,
    /// The one that does.
    pub after: f64,
}

/// Who competes in [`CASES`].
pub const LOOPS: [&str; 4] = ["current_thread", "multi_thread", "asyncio", "uvloop"];

/// What is measured with each of [`LOOPS`].
pub const CASES: [&str; 7] = ["spawn", "yield", "queue", "memory", "sleepers", "echo", "latency"];

/// What is measured once in each language: `rust` and `python`. What a task
/// takes, the cases `spawn` and `memory` tell.
pub const UNITS_OF_WORK: [&str; 4] =
    ["thread_start", "thread_memory", "process_start", "process_memory"];

impl Record {
    /// The measurements of a contender at a case.
    pub fn find(&self, case: &str, by: &str) -> Option<&Measured> {
        let is = |found: &&Measured| found.case == case && found.by == by;
        self.results.iter().find(is).filter(|found| !found.values.is_empty())
    }
}

/// A value with its unit and three figures: `690 ns`, `1.23 s`, `99.0 KiB`.
pub fn with_unit(case: &str, value: f64) -> String {
    let steps: &[(f64, &str)] = if case.ends_with("memory") {
        &[(1.0, "B"), (1024.0, "KiB"), (1024.0 * 1024.0, "MiB")]
    } else {
        &[(1.0, "ns"), (1e3, "µs"), (1e6, "ms"), (1e9, "s")]
    };
    let fits = |step: &&(f64, &str)| value >= step.0 * 0.9995;
    let (scale, unit) = steps.iter().rev().find(fits).unwrap_or(&steps[0]);
    format!("{} {unit}", figures(value / scale))
}

/// Three figures: `0.98`, `4.25`, `36.1`, `1740`.
pub fn figures(value: f64) -> String {
    match value {
        _ if value >= 99.95 => format!("{value:.0}"),
        _ if value >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
