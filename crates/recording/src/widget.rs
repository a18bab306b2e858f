//! The data that the page's widgets work with: what is in the trace, short.
//!
//! ```json
//! {"v":1,"unit":"us","name":"gather","clock":"paused","end":2000000,
//!  "lanes":[{"id":0,"name":"main","kind":"root","line":15,"rows":["task1","task2"],"end":"ready"}],
//!  "events":[{"t":0,"k":"spawn","l":0,"n":15,"s":"starts"},
//!            {"t":0,"k":"wait","l":0,"b":0,"n":5,"u":1000000,"x":16,"s":"waits for sleep 1 s, until 1 s"}]}
//! ```
//!
//! An event's place in `events` is its `data-event` in the picture. Its keys:
//! `t` time, `k` kind, `l` lane (the task), `b` branch, `n` source line, `u`
//! until when, `x` the event that ends the wait, `y` the lane that woke or
//! spawned it (or `"timer"`, `"driver"`, `"program"`, `"other"`), `d` true if a
//! wait ended by being dropped, `p` the printed text, `s` what happened, in the
//! page's language.

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    model::{By, Micros, Outcome, SourceFile, TaskKind, Trace, VERSION, WaitEnd, What},
    words::Locale,
};

/// A trace for the widgets.
#[derive(Debug, Serialize)]
pub struct Data {
    /// [`VERSION`].
    pub v: u32,
    /// `"us"`.
    pub unit: &'static str,
    /// The program.
    pub name: String,
    /// `"paused"` or `"real"`.
    pub clock: crate::model::Clock,
    /// When it ended.
    pub end: Micros,
    /// The files through which lines are counted, if there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<SourceFile>,
    /// The lanes, by task.
    pub lanes: Vec<LaneData>,
    /// The events, as in the trace.
    pub events: Vec<EventData>,
}

/// A task.
#[derive(Debug, Serialize)]
pub struct LaneData {
    /// Its number.
    pub id: usize,
    /// Its name, in the page's language.
    pub name: String,
    /// What sort of task it is.
    pub kind: TaskKind,
    /// Where it was spawned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The functions of its branches, if it has several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<String>,
    /// How it ended.
    pub end: Outcome,
}

/// An event; see the module for the keys.
#[derive(Debug, Serialize)]
pub struct EventData {
    /// Time.
    pub t: Micros,
    /// Kind: the names of [`What`], in snake case.
    pub k: &'static str,
    /// Lane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub l: Option<usize>,
    /// Branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub b: Option<usize>,
    /// Source line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub u: Option<Micros>,
    /// The event that ends the wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<usize>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<Value>,
    /// Whether the wait that ended was dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub d: Option<bool>,
    /// Printed text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<String>,
    /// What happened, in words.
    pub s: String,
}

/// The trace as the widgets want it.
pub fn data(trace: &Trace, locale: Locale) -> Data {
    let names = crate::text::lane_names(trace, locale);
    let skip = names.len() - trace.tasks.len();
    let lanes = trace.tasks.iter().zip(names.into_iter().skip(skip)).enumerate().map(
        |(id, (task, (name, rows)))| LaneData {
            id,
            name,
            kind: task.kind,
            line: task.line,
            rows: rows.into_iter().map(|row| row.trim().to_owned()).collect(),
            end: task.outcome,
        },
    );
    Data {
        v: VERSION,
        unit: "us",
        name: trace.name.clone(),
        clock: trace.clock,
        end: trace.end,
        files: trace.files.clone(),
        lanes: lanes.collect(),
        events: trace.events.iter().map(|event| event_data(trace, event, locale)).collect(),
    }
}

fn event_data(trace: &Trace, event: &crate::model::Event, locale: Locale) -> EventData {
    let mut data = EventData {
        t: event.at,
        k: kind(&event.what),
        l: event.task,
        b: None,
        n: event.line,
        u: None,
        x: None,
        y: None,
        d: None,
        p: None,
        s: locale.event(trace, event),
    };
    match &event.what {
        What::Wait { wait } => {
            data.b = Some(trace.waits[*wait].branch);
            data.u = trace.waits[*wait].deadline;
            data.x =
                trace.events.iter().position(|event| event.what == What::Waited { wait: *wait });
        }
        What::Waited { wait } => {
            data.b = Some(trace.waits[*wait].branch);
            data.d = (trace.waits[*wait].end == WaitEnd::Dropped).then_some(true);
        }
        What::Print { text, branch } => {
            data.b = Some(*branch);
            data.p = Some(text.clone());
        }
        What::Spawn => {
            data.y = event.task.and_then(|id| trace.tasks[id].parent).map(|id| json!(id))
        }
        What::Wake { by, .. } => {
            data.y = Some(match by {
                By::Task(id) | By::End(id) => json!(id),
                By::Timer => json!("timer"),
                By::Driver => json!("driver"),
                By::Program => json!("program"),
                By::Other => json!("other"),
            });
        }
        _ => {}
    }
    data
}

fn kind(what: &What) -> &'static str {
    match what {
        What::Spawn => "spawn",
        What::Poll { .. } => "poll",
        What::Wait { .. } => "wait",
        What::Waited { .. } => "waited",
        What::Pending => "pending",
        What::Ready => "ready",
        What::Panicked => "panicked",
        What::Cancelled => "cancelled",
        What::Dropped => "dropped",
        What::Wake { .. } => "wake",
        What::Print { .. } => "print",
    }
}
