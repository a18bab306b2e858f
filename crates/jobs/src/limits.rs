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

/// How long it may go on without a word. (Cargo has one for each library.)
const SILENCE: Duration = Duration::from_secs(120);

/// How often both are looked at.
const LOOK: Duration = Duration::from_millis(50);

/// When there was a word last; none once the program runs.
static HEARD: Mutex<Option<Instant>> = Mutex::new(None);

/// A word of cargo's, which is told.
pub fn cargo(line: &str) {
    if let Some(heard) = HEARD.lock().expect("no holder panics").as_mut() {
        *heard = Instant::now();
    }
    tell::cargo(line);
}

/// From now on the program has limits of its own.
pub fn lift() {
    *HEARD.lock().expect("no holder panics") = None;
}

/// Ends the job, with a sentence, when it breaks a limit.
pub fn watch(language: Language) {
    *HEARD.lock().expect("no holder panics") = Some(Instant::now());
    thread::spawn(move || {
        loop {
            thread::sleep(LOOK);
            let Some(heard) = *HEARD.lock().expect("no holder panics") else { return };
            let why = if grading::usage_below().memory > MEMORY {
                language.pick(
                    format!("编译用了超过 {} GiB 的内存，已停止。", MEMORY >> 30),
                    format!(
                        "Compiling took more than {} GiB of memory and was stopped.",
                        MEMORY >> 30
                    ),
                )
            } else if heard.elapsed() > SILENCE {
                let seconds = SILENCE.as_secs();
                language.pick(
                    format!("编译超过 {seconds} 秒没有结果，已停止。"),
                    format!("Compiling came to nothing for {seconds} s and was stopped."),
                )
            } else {
                continue;
            };
            // What is ended says something, too: not after this.
            tell::last_error(why);
            life::end_all();
            std::process::exit(1);
        }
    });
}
