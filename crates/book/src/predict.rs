//! What a page asks before it shows the output: in which order the lines come,
//! and when the last one does. Everything is read off the trace.
//!
//! The reasons are in the data too: what each line waited for, and of lines at
//! the same instant, which task was polled first and why.
//!
//! - `teller`: why a line is printed when it is, and why before another.
//! - `when`: the question about time.

mod teller;
mod when;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use project::locale::Language;
use recording::model::Trace;
use serde::Serialize;

use self::teller::Teller;
pub use self::when::When;

/// More lines than this are a chore to put in order. A page says from which one
/// on, if not from the first.
const MOST_LINES: usize = 12;

/// What is asked about a program.
#[derive(Debug, Serialize)]
pub struct Prediction {
    /// The printed lines, in order; not all of a long output.
    pub lines: Vec<Line>,
    /// Which of them these are, and of how many, counted from 1; none if all.
    #[serde(skip)]
    pub part: Option<(RangeInclusive<usize>, usize)>,
    /// The order in which they are shown, the same for everyone, never a right
    /// one; empty if every order is right.
    pub shuffled: Vec<usize>,
    /// Why one line comes before another at the same instant: by `"0-1"`.
    pub pairs: BTreeMap<String, String>,
    /// The question about time, if any passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
}

/// A printed line.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its text.
    pub p: String,
    /// When it is printed and after what, as the predicate of a sentence.
    pub why: String,
    /// The lines that always come before it.
    pub after: Vec<usize>,
}

/// What to ask about a recorded program, from its line `from` on, counted from 1.
pub fn prediction(trace: &Trace, language: Language, from: usize) -> Prediction {
    let teller = Teller::new(trace, language);
    let all = teller.prints().count();
    let prints: Vec<usize> = teller.prints().skip(from - 1).take(MOST_LINES).collect();
    let part = (prints.len() < all).then(|| (from..=from - 1 + prints.len(), all));
    let lines: Vec<Line> = prints
        .iter()
        .enumerate()
        .map(|(place, &event)| Line {
            p: teller.data.events[event].p.clone().unwrap_or_default(),
            why: teller.why(event),
            after: (0..place).filter(|&other| teller.is_fixed(prints[other], event)).collect(),
        })
        .collect();
    let shuffled = shuffle(&trace.name, &lines);
    let mut pairs = BTreeMap::new();
    for (later, line) in lines.iter().enumerate() {
        for &earlier in &line.after {
            if let Some(why) = teller.why_first(prints[earlier], prints[later]) {
                pairs.insert(format!("{earlier}-{later}"), why);
            }
        }
    }
    let when = when::when(&teller, &prints, shuffled.is_empty());
    Prediction { lines, part, shuffled, pairs, when }
}

/// The same order for everyone, and never a right one.
fn shuffle(name: &str, lines: &[Line]) -> Vec<usize> {
    // FNV-1a of the name, then splitmix64: the same on every machine.
    let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut state = seed;
    let mut random = move |below: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    };
    let mut order: Vec<usize> = (0..lines.len()).collect();
    for _ in 0..100 {
        for last in (1..order.len()).rev() {
            order.swap(last, random(last + 1));
        }
        if !is_right(&order, lines) {
            return order;
        }
    }
    Vec::new()
}

/// Whether the lines may be printed in this order. Lines of the same text are
/// interchangeable.
fn is_right(order: &[usize], lines: &[Line]) -> bool {
    let mut taken = BTreeSet::new();
    order.iter().all(|&shown| {
        let alike = |line: &usize| lines[*line].p == lines[shown].p && !taken.contains(line);
        let Some(line) = (0..lines.len()).find(alike) else { return false };
        let fits = lines[line].after.iter().all(|before| taken.contains(before));
        taken.insert(line);
        fits
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use recording::model::{Micros, On, TaskKind};

    use super::*;

    fn lines(texts: &[&str]) -> Vec<Line> {
        let line = |(place, text): (usize, &&str)| Line {
            p: (*text).to_owned(),
            why: String::new(),
            after: (0..place).collect(),
        };
        texts.iter().enumerate().map(line).collect()
    }

    #[test]
    fn a_shuffle_is_a_permutation_never_the_right_one_and_the_same_each_time() {
        for count in 2..=MOST_LINES {
            let texts: Vec<String> = (0..count).map(|line| line.to_string()).collect();
            let lines = lines(&texts.iter().map(String::as_str).collect::<Vec<_>>());
            for name in ["gather", "cancel", "queue_workers", "a", "b", "c", "d", "e"] {
                let order = shuffle(name, &lines);
                let mut sorted = order.clone();
                sorted.sort_unstable();
                assert_eq!(sorted, (0..count).collect::<Vec<_>>());
                assert!(!is_right(&order, &lines));
                assert_eq!(order, shuffle(name, &lines));
            }
        }
    }

    #[test]
    fn equal_lines_are_interchangeable() {
        let lines = lines(&["tick", "tock", "tick"]);
        assert!(is_right(&[2, 1, 0], &lines));
        assert!(!is_right(&[0, 2, 1], &lines));
    }

    #[test]
    fn where_every_order_is_right_there_is_nothing_to_shuffle() {
        assert!(shuffle("x", &lines(&["one"])).is_empty());
        assert!(shuffle("x", &lines(&["tick", "tick", "tick"])).is_empty());
        let mut free = lines(&["a", "b"]);
        free[1].after.clear();
        assert!(shuffle("x", &free).is_empty());
    }

    /// A recording made by hand: `main` spawns two tasks and waits for the
    /// second; each sleeps and prints.
    fn recording(clock: &str, sleeps: [Micros; 2]) -> Trace {
        let task = |function: &str, line: u32, parent: Value, kind: &str| json!({"function": function, "line": line, "parent": parent, "kind": kind, "outcome": "ready"});
        let mut events = vec![
            json!({"at": 0, "task": 0, "line": 9, "event": "spawn"}),
            json!({"at": 0, "task": 0, "event": "poll", "count": 1}),
            json!({"at": 0, "task": 1, "line": 10, "event": "spawn"}),
            json!({"at": 0, "task": 2, "line": 11, "event": "spawn"}),
            json!({"at": 0, "task": 0, "event": "pending"}),
        ];
        for task in [1, 2] {
            events.push(json!({"at": 0, "task": task, "event": "poll", "count": 1}));
            events
                .push(json!({"at": 0, "task": task, "line": 4, "event": "wait", "wait": task - 1}));
            events.push(json!({"at": 0, "task": task, "event": "pending"}));
        }
        for (task, at) in [(1, sleeps[0]), (2, sleeps[1])] {
            events.push(json!({"at": at, "task": task, "event": "wake", "by": "timer"}));
        }
        for (task, at, line) in [(1, sleeps[0], "one"), (2, sleeps[1], "two")] {
            events.extend([
                json!({"at": at, "task": task, "event": "poll", "count": 2}),
                json!({"at": at, "task": task, "line": 4, "event": "waited", "wait": task - 1}),
                json!({"at": at, "task": task, "line": 5, "event": "print", "text": line, "branch": 0}),
                json!({"at": at, "task": task, "event": "ready"}),
            ]);
        }
        events.sort_by_key(|event| event["at"].as_u64());
        let wait = |task: usize, duration: Micros| {
            json!({
                "task": task, "branch": 0, "line": 4, "on": {"kind": "sleep", "duration": duration},
                "from": 0, "to": duration, "deadline": duration, "end": "ready"
            })
        };
        serde_json::from_value(json!({
            "name": "hand", "file": "hand.rs", "clock": clock, "end": sleeps[1],
            "tasks": [
                task("main", 9, Value::Null, "root"),
                task("work", 10, json!(0), "task"),
                task("work", 11, json!(0), "task"),
            ],
            "waits": [wait(1, sleeps[0]), wait(2, sleeps[1])],
            "events": events,
        }))
        .expect("a trace")
    }

    fn english(trace: &Trace) -> Value {
        serde_json::to_value(prediction(trace, Language::English, 1)).expect("JSON")
    }

    #[test]
    fn a_line_tells_what_it_waited_for() {
        let data = english(&recording("paused", [1_000_000, 2_000_000]));
        assert_eq!(data["lines"][0]["why"], "is printed at 1 s, after sleep 1 s (line 4)");
        assert_eq!(data["lines"][1]["why"], "is printed at 2 s, after sleep 2 s (line 4)");
        assert_eq!(data["lines"][1]["after"], json!([0]));
        assert_eq!(data["shuffled"], json!([1, 0]));
        assert_eq!(data["pairs"], json!({}), "the times say enough");
        assert_eq!(
            data["when"],
            json!({
                "ask": "When is the last line printed?",
                "choices": ["0 s", "1 s", "2 s", "3 s"], "right": 2, "line": 1
            })
        );
    }

    #[test]
    fn a_page_may_begin_with_a_later_line() {
        let trace = recording("paused", [1_000_000, 2_000_000]);
        assert_eq!(prediction(&trace, Language::English, 1).part, None, "all of them");
        let tail = prediction(&trace, Language::English, 2);
        assert_eq!(tail.part, Some((2..=2, 2)));
        let texts: Vec<_> = tail.lines.iter().map(|line| line.p.as_str()).collect();
        assert_eq!(texts, [trace.lines().nth(1).unwrap()]);
        assert!(tail.lines[0].after.is_empty(), "counted among the lines that are asked about");
    }

    #[test]
    fn of_lines_at_one_instant_the_queue_tells() {
        let data = english(&recording("paused", [1_000_000, 1_000_000]));
        assert_eq!(
            data["pairs"]["0-1"],
            "both at 1 s; task 1 · work enters the ready queue first (woken by the timer), then \
             task 2 · work (woken by the timer), and the queue is first in, first out; of two timers \
             that end at once, the one that began first wakes first"
        );
    }

    #[test]
    fn where_the_order_is_free_it_is_not_asked_for() {
        let data = english(&recording("real", [1_000_000, 1_010_000]));
        assert_eq!(data["lines"][1]["after"], json!([]));
        assert_eq!(data["shuffled"], json!([]));
        assert_eq!(data["when"]["choices"], json!(["0 s", "1 s", "2 s"]));
        let data = english(&recording("real", [1_000_000, 2_000_000]));
        assert_eq!(data["shuffled"], json!([1, 0]), "a second apart is fixed");
    }

    #[test]
    fn what_a_computation_takes_is_not_asked_for() {
        let mut trace = recording("real", [300_000, 600_000]);
        assert_ne!(english(&trace)["when"], json!(null), "a sleep can be reckoned with");
        for wait in &mut trace.waits {
            wait.on = On::Task { task: None };
        }
        assert_eq!(english(&trace)["when"], json!(null));
    }

    /// `main` prints and spawns two tasks. The second prints after two seconds
    /// in one poll, the first after a sleep that was due meanwhile.
    fn starved(due: Micros) -> Trace {
        let mut trace = recording("real", [2_000_000, 2_000_000]);
        trace.waits.remove(1);
        trace.waits[0].deadline = Some(due);
        let events = json!([
            {"at": 0, "task": 0, "line": 9, "event": "spawn"},
            {"at": 0, "task": 0, "event": "poll", "count": 1},
            {"at": 0, "task": 0, "line": 9, "event": "print", "text": "main", "branch": 0},
            {"at": 0, "task": 1, "line": 10, "event": "spawn"},
            {"at": 0, "task": 2, "line": 11, "event": "spawn"},
            {"at": 0, "task": 0, "event": "pending"},
            {"at": 0, "task": 1, "event": "poll", "count": 1},
            {"at": 0, "task": 1, "line": 4, "event": "wait", "wait": 0},
            {"at": 0, "task": 1, "event": "pending"},
            {"at": 0, "task": 2, "event": "poll", "count": 1},
            {"at": 2_000_000, "task": 2, "line": 5, "event": "print", "text": "two", "branch": 0},
            {"at": 2_000_000, "task": 2, "event": "ready"},
            {"at": 2_000_000, "task": 1, "event": "wake", "by": "timer"},
            {"at": 2_000_000, "task": 1, "event": "poll", "count": 2},
            {"at": 2_000_000, "task": 1, "line": 4, "event": "waited", "wait": 0},
            {"at": 2_000_000, "task": 1, "line": 5, "event": "print", "text": "one", "branch": 0},
            {"at": 2_000_000, "task": 1, "event": "ready"},
        ]);
        trace.events = serde_json::from_value(events).expect("events");
        trace
    }

    #[test]
    fn a_held_thread_fixes_the_order() {
        let data = english(&starved(1_000_000));
        let texts: Vec<_> = (0..3).map(|line| data["lines"][line]["p"].clone()).collect();
        assert_eq!(texts, ["main", "two", "one"]);
        assert_eq!(data["lines"][2]["after"], json!([0, 1]));
        assert_eq!(
            data["pairs"]["1-2"],
            "task 2 · work holds the thread from 0 s to 2 s, in one poll; the timer of task 1 · work \
             was due at 1 s and had to wait for its end"
        );
        // Due when the poll began, the timer might have been first.
        assert_eq!(english(&starved(50_000))["lines"][2]["after"], json!([0]));
        let mut trace = starved(1_000_000);
        trace.why_real = Some(recording::model::MULTI_THREAD.into());
        assert_eq!(english(&trace)["lines"][2]["after"], json!([0]), "another thread was there");
        let mut trace = starved(1_000_000);
        trace.tasks[2].kind = TaskKind::Blocking;
        assert_eq!(english(&trace)["lines"][2]["after"], json!([0]), "it was not the one thread");
    }

    #[test]
    fn a_task_prints_after_what_came_before_its_spawn() {
        let mut trace = starved(1_000_000);
        for event in &mut trace.events {
            event.at = 0;
        }
        let data = english(&trace);
        assert_eq!(data["lines"][1]["after"], json!([0]));
        assert_eq!(
            data["pairs"]["0-1"],
            "main prints the one and spawns task 2 · work after that (line 11)"
        );
    }
}
