//! What a job may take before its program runs: rustc obeys the text that it
//! compiles, and a text can ask for all memory, or for ever.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use project::locale::Language;

use crate::life;
use crate::tell;

/// How much memory compiling may take, in bytes: twice what the largest library
/// needs.
const MEMORY: u64 = 3 << 30;

/// How long a text may be compiled. (Libraries take what they take.)
const TIME: Duration = Duration::from_secs(120);

/// How often both are looked at.
const LOOK: Duration = Duration::from_millis(50);

/// What is going on.
#[derive(Clone, Copy)]
enum Phase {
    /// The text is compiled since then.
    Compiling(Instant),
    /// Cargo builds libraries, or waits for another cargo.
    Cargo,
    /// The program runs, which has limits of its own.
    Running,
}

static PHASE: Mutex<Phase> = Mutex::new(Phase::Running);

fn enter(phase: Phase) {
    *PHASE.lock().expect("no holder panics") = phase;
}

/// A word of cargo's, which is told.
pub fn cargo(line: &str) {
    enter(if line.starts_with("Finished") {
        Phase::Compiling(Instant::now())
    } else {
        Phase::Cargo
    });
    tell::cargo(line);
}

/// From now on the text is compiled.
pub fn compiling() {
    enter(Phase::Compiling(Instant::now()));
}

/// From now on the program has limits of its own.
pub fn lift() {
    enter(Phase::Running);
}

/// Ends the job, with a sentence, when it breaks a limit.
pub fn watch(language: Language) {
    compiling();
    thread::spawn(move || {
        loop {
            thread::sleep(LOOK);
            let phase = *PHASE.lock().expect("no holder panics");
            let too_long = match phase {
                Phase::Compiling(since) => since.elapsed() > TIME,
                Phase::Cargo => false,
                Phase::Running => return,
            };
            let why = if grading::usage_below().memory > MEMORY {
                language.pick(
                    format!("编译用了超过 {} GiB 的内存，已停止。", MEMORY >> 30),
                    format!(
                        "Compiling took more than {} GiB of memory and was stopped.",
                        MEMORY >> 30
                    ),
                )
            } else if too_long {
                let seconds = TIME.as_secs();
                language.pick(
                    format!("编译超过 {seconds} 秒没有结果，已停止。"),
                    format!("Compiling came to nothing for {seconds} s and was stopped."),
                )
            } else {
                continue;
            };
            // What is ended says something, too: not after this.
            tell::last_error(why);
            life::end();
        }
    });
}
