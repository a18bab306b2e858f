//! A job's answer: JSON objects, a line each, on standard output.
//!
//! | record | says |
//! |---|---|
//! | `{"cargo": "Compiling …"}` | what is compiled first, for all programs |
//! | `{"diagnostics": […]}` | rustc's errors or warnings, as [`rustc::Told`] |
//! | `{"started": true}` | the program runs from now on |
//! | `{"out": "…", "at": 3}`, `err` | what it prints, and when, in milliseconds since then |
//! | `{"code": 0}`, `{"signal": 9, "name": …}` | how it ended |
//! | `{"trace": {…}}` | what it did, drawn |
//! | `{"checked": {…}}` | the verdicts on an answer |
//! | `{"error": "…"}` | why there is none of these |

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc::Diagnostic;
use serde_json::{Value, json};

/// Whether all is said.
static SAID: AtomicBool = AtomicBool::new(false);

/// Adds a record to the answer. If nobody listens any more, the job ends soon.
pub fn tell(record: &Value) {
    let mut stdout = std::io::stdout().lock();
    if !SAID.load(Ordering::SeqCst) {
        let _ = writeln!(stdout, "{record}").and_then(|()| stdout.flush());
    }
}

/// What cargo says of its progress, if it is worth showing.
pub fn cargo(line: &str) {
    if line.starts_with("Compiling") || line.starts_with("Blocking") {
        tell(&json!({ "cargo": line }));
    }
}

/// So many errors and warnings of rustc's are told.
const MOST: usize = 100;

/// What rustc says of a program, by the lines of this file; the errors first, if they
/// are many.
pub fn diagnostics(said: &[Diagnostic], file: &Path) {
    let mut said: Vec<_> = said.iter().collect();
    if said.len() > MOST {
        said.sort_by_key(|one| !one.is_error());
        said.truncate(MOST);
    }
    let told: Vec<_> = said.into_iter().map(|one| one.told(file)).collect();
    if !told.is_empty() {
        tell(&json!({ "diagnostics": told }));
    }
}

/// Why there will be no other answer.
pub fn last_error(why: String) {
    error(why);
    SAID.store(true, Ordering::SeqCst);
}

/// Why there is no other answer.
pub fn error(why: String) {
    tell(&json!({ "error": why }));
}
