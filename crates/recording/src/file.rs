//! A recording on the disk: JSON that reads well in a diff, a task, a wait and
//! an event to the line, with nothing of a machine in it.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::{Clock, Ending, Event, Micros, Stuck, Task, Trace, VERSION, Wait};

/// A trace, and the text of the program that it was made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The [`digest`] of the program's text.
    pub sha256: String,
    /// What it did.
    pub trace: Trace,
    /// The orders that its lines had over many runs, sorted, if they have none that is
    /// fixed; the trace is of one of them.
    pub orders: Vec<Vec<String>>,
}

/// Why a file is no recording.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is not JSON, or not of this shape.
    #[error("it is no recording: {0}")]
    Json(#[from] serde_json::Error),
    /// It was written by another version of this crate.
    #[error("it is of version {0} of the model, not {VERSION}")]
    Version(u32),
}

/// The SHA-256 of a program's text, in hexadecimal. Line ends do not count: a
/// checkout may turn them.
pub fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.replace("\r\n", "\n").as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The file's fields, in their order.
#[derive(Serialize, Deserialize)]
struct Fields {
    version: u32,
    unit: String,
    name: String,
    file: String,
    sha256: String,
    clock: Clock,
    #[serde(default)]
    why_real: Option<String>,
    end: Micros,
    #[serde(default)]
    ending: Ending,
    #[serde(default)]
    stuck: Vec<Stuck>,
    #[serde(default)]
    omitted: usize,
    #[serde(default)]
    orders: Vec<Vec<String>>,
    tasks: Vec<Task>,
    waits: Vec<Wait>,
    events: Vec<Event>,
}

impl Recording {
    /// The recording of a program with this text.
    pub fn new(text: &str, trace: Trace) -> Self {
        Self { sha256: digest(text), trace, orders: Vec::new() }
    }

    /// Whether it was made from this text.
    pub fn is_of(&self, text: &str) -> bool {
        self.sha256 == digest(text)
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        let Trace { name, file, clock, why_real, end, tasks, omitted, waits, events, .. } =
            &self.trace;
        let mut text = String::from("{\n");
        let mut field = |key: &str, value: String| {
            let _ = writeln!(text, "\"{key}\": {value},");
        };
        field("version", json(&VERSION));
        field("unit", json(&"us"));
        field("name", json(name));
        field("file", json(file));
        field("sha256", json(&self.sha256));
        field("clock", json(clock));
        if let Some(why) = why_real {
            field("why_real", json(why));
        }
        field("end", json(end));
        if !self.trace.ending.is_good() {
            field("ending", json(&self.trace.ending));
        }
        if *omitted > 0 {
            field("omitted", json(omitted));
        }
        if !self.orders.is_empty() {
            field("orders", lines(&self.orders));
        }
        field("tasks", lines(tasks));
        field("waits", lines(waits));
        if !self.trace.stuck.is_empty() {
            field("stuck", lines(&self.trace.stuck));
        }
        let _ = write!(text, "\"events\": {}\n}}\n", lines(events));
        text
    }

    /// Reads a file's text.
    ///
    /// # Errors
    ///
    /// See [`FileError`].
    pub fn parse(text: &str) -> Result<Self, FileError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let Version { version } = serde_json::from_str(text)?;
        if version != VERSION {
            return Err(FileError::Version(version));
        }
        let fields: Fields = serde_json::from_str(text)?;
        let Fields { sha256, name, file, clock, why_real, end, ending, stuck, .. } = fields;
        let Fields { omitted, orders, tasks, waits, events, .. } = fields;
        let trace = Trace {
            name,
            file,
            // A recording that is kept is of one file.
            files: Vec::new(),
            clock,
            why_real,
            end,
            tasks,
            omitted,
            waits,
            events,
            ending,
            stuck,
        };
        Ok(Self { sha256, trace, orders })
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data")
}

/// An array, an element to the line.
fn lines(elements: &[impl Serialize]) -> String {
    if elements.is_empty() {
        return "[]".into();
    }
    let elements: Vec<String> = elements.iter().map(json).collect();
    format!("[\n{}\n]", elements.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{By, What};

    fn recording() -> Recording {
        let event = |at, what| Event { at, task: Some(0), line: Some(3), what };
        let print = What::Print { text: "任务 “1”\u{2028}".into(), branch: 0 };
        let wake = What::Wake { by: By::Task(0), again: true };
        let trace = Trace {
            name: "gather".into(),
            file: "examples/gather.rs".into(),
            files: Vec::new(),
            clock: Clock::Paused,
            why_real: None,
            end: 2_000_000,
            tasks: Vec::new(),
            omitted: 0,
            waits: Vec::new(),
            events: vec![event(0, print), event(1, wake)],
            ending: Ending::Returned,
            stuck: Vec::new(),
        };
        Recording::new("fn main() {}\n", trace)
    }

    #[test]
    fn what_is_written_is_read() {
        let recording = recording();
        assert_eq!(Recording::parse(&recording.to_text()).expect("just written"), recording);
    }

    #[test]
    fn an_event_has_a_line_of_its_own() {
        let text = recording().to_text();
        assert_eq!(text.lines().filter(|line| line.contains("\"at\":")).count(), 2);
    }

    #[test]
    fn a_checkout_with_other_line_ends_is_the_same_program() {
        assert!(recording().is_of("fn main() {}\r\n"));
        assert!(!recording().is_of("fn main() { }\n"));
    }

    #[test]
    fn another_version_is_refused() {
        let newer = recording().to_text().replace("\"version\": 2", "\"version\": 99");
        assert!(matches!(Recording::parse(&newer), Err(FileError::Version(99))));
        assert!(matches!(Recording::parse("{bad"), Err(FileError::Json(_))));
    }
}
