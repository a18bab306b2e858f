//! What a page asks before it shows the output: in which order the lines come,
//! and when the last one does. Everything is read off the trace.
//!
//! The reasons are in the data too: what each line waited for, and of lines at
//! the same instant, which task was polled first and why.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use project::locale::Language;
use recording::{
    layout,
    model::{Micros, On, TaskId, TaskKind, Trace, WaitEnd, WaitId, What},
    widget::{self, Data},
};
use serde::Serialize;

use crate::recordings;

/// More lines than this are a chore to put in order. A page says from which one
/// on, if not from the first.
const MOST_LINES: usize = 12;
/// On the real clock, lines closer than this may come the other way round. Two
/// of its grains, since a line may fall to either side of one.
const CLOSE: Micros = 200_000;
/// The times on the real clock are rounded down to this when the reader is
/// asked: they are never early.
const ROUND: Micros = 100_000;

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

/// When does it happen?
#[derive(Debug, Serialize)]
pub struct When {
    /// The question.
    pub ask: String,
    /// The answers, from early to late.
    pub choices: Vec<String>,
    /// The place of the right one.
    pub right: usize,
    /// The line that is asked about; none if it is the program's end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// What to ask about a recorded program, from its line `from` on, counted from 1.
pub fn prediction(trace: &Trace, language: Language, from: usize) -> Prediction {
    let teller =
        Teller { trace, language, data: widget::data(trace, recordings::locale(language)) };
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
    let when = teller.when(&prints, shuffled.is_empty());
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

/// Says why, from the trace, in the page's language.
struct Teller<'a> {
    trace: &'a Trace,
    language: Language,
    data: Data,
}

impl Teller<'_> {
    fn say(&self, chinese: String, english: String) -> String {
        self.language.pick(chinese, english)
    }

    fn time(&self, at: Micros) -> String {
        recordings::locale(self.language).time(at)
    }

    fn prints(&self) -> impl Iterator<Item = usize> {
        let events = self.trace.events.iter().enumerate();
        events.filter(|(_, event)| matches!(event.what, What::Print { .. })).map(|(at, _)| at)
    }

    fn branch(&self, print: usize) -> (Option<TaskId>, Option<usize>) {
        (self.trace.events[print].task, self.data.events[print].b)
    }

    /// Whether one printed line always comes before a later one.
    fn is_fixed(&self, earlier: usize, later: usize) -> bool {
        let events = &self.trace.events;
        !layout::order_is_free(self.trace)
            || self.branch(earlier) == self.branch(later)
            || events[later].at >= events[earlier].at + CLOSE
            || self.spawned_after(earlier, later).is_some()
            || self.held_back(earlier, later).is_some()
    }

    /// The spawn of the later line's task, if the task of the earlier line
    /// spawned it after printing that.
    fn spawned_after(&self, earlier: usize, later: usize) -> Option<usize> {
        let events = &self.trace.events;
        let (first, second) = (events[earlier].task?, events[later].task?);
        let spawn = earlier
            + events[earlier..later]
                .iter()
                .position(|event| event.task == Some(second) && event.what == What::Spawn)?;
        (self.trace.tasks[second].parent == Some(first)).then_some(spawn)
    }

    /// When the later line's timer was due, if the earlier line's task held the
    /// one thread at that time, in the poll that printed the earlier line, and
    /// had done so for a while.
    fn held_back(&self, earlier: usize, later: usize) -> Option<Micros> {
        let events = &self.trace.events;
        let (first, second) = (events[earlier].task?, events[later].task?);
        let polled = |task: TaskId| self.trace.tasks[task].kind != TaskKind::Blocking;
        if self.trace.is_multi_thread() || first == second || !polled(first) || !polled(second) {
            return None;
        }
        let (holding, held) = (self.poll_of(earlier)?, self.poll_of(later)?);
        let over = events.get(earlier..held)?.iter().any(|event| {
            event.task == Some(first) && matches!(event.what, What::Pending | What::Ready)
        });
        let due = events[held..later].iter().find_map(|event| match event.what {
            What::Waited { wait } if event.task == Some(second) => self.trace.waits[wait].deadline,
            _ => None,
        })?;
        (over && due >= events[holding].at + CLOSE).then_some(due)
    }

    /// `is printed at 1 s, after sleep 1 s (line 5)`.
    fn why(&self, print: usize) -> String {
        let at = self.time(self.trace.events[print].at);
        let waits: Vec<String> =
            self.waits_before(print).into_iter().map(|wait| self.wait(wait)).collect();
        if waits.is_empty() {
            return self.say(
                format!("在 {at}打印，之前没有等待"),
                format!("is printed at {at}; nothing is waited for before it"),
            );
        }
        self.say(
            format!("在 {at}打印，在这之后：{}", waits.join("，")),
            format!("is printed at {at}, after {}", waits.join(" and ")),
        )
    }

    /// What a printed line had to wait for: the last thing that its task
    /// waited for, and before it the last pause.
    fn waits_before(&self, print: usize) -> Vec<WaitId> {
        let (task, branch) = self.branch(print);
        let over: Vec<WaitId> = self.trace.events[..print]
            .iter()
            .filter_map(|event| match event.what {
                What::Waited { wait } => Some(wait),
                _ => None,
            })
            .filter(|&wait| self.trace.waits[wait].end == WaitEnd::Ready)
            .collect();
        let own = |wait: &&WaitId| Some(self.trace.waits[**wait].task) == task;
        let same_branch = |wait: &&WaitId| Some(self.trace.waits[**wait].branch) == branch;
        let last = over
            .iter()
            .rev()
            .find(|wait| own(wait) && same_branch(wait))
            .or_else(|| over.iter().rev().find(own));
        let Some(&last) = last else { return Vec::new() };
        // The pause may have been that of a task which was waited for.
        let awaited = match self.trace.waits[last].on {
            On::Task { task } => task,
            _ => None,
        };
        let pauses = |wait: &&WaitId| {
            let wait = &self.trace.waits[**wait];
            wait.deadline.is_some() && (Some(wait.task) == task || Some(wait.task) == awaited)
        };
        let pause = over.iter().rev().find(pauses).copied();
        let mut waits: Vec<WaitId> = pause.into_iter().chain([last]).collect();
        waits.dedup();
        waits
    }

    /// `sleep 1 s (line 5)`.
    fn wait(&self, wait: WaitId) -> String {
        let wait = &self.trace.waits[wait];
        recordings::locale(self.language).on(&wait.on) + &self.line(wait.line)
    }

    fn line(&self, line: Option<u32>) -> String {
        line.map_or(String::new(), |line| {
            self.say(format!("（第 {line} 行）"), format!(" (line {line})"))
        })
    }

    /// Of two lines printed at the same instant, why the earlier one is.
    fn why_first(&self, earlier: usize, later: usize) -> Option<String> {
        let events = &self.trace.events;
        if events[earlier].at != events[later].at {
            return None;
        }
        let (first, second) = (events[earlier].task?, events[later].task?);
        let (first_poll, second_poll) = (self.poll_of(earlier)?, self.poll_of(later)?);
        let name = |task: TaskId| self.data.lanes[task].name.clone();
        if first_poll == second_poll {
            let who = name(first);
            let (one, two) = (events[earlier].line?, events[later].line?);
            return Some(self.say(
                format!("两行都由 {who} 在同一次轮询里打印，先到第 {one} 行，再到第 {two} 行"),
                format!("both are printed by {who} in one poll, which reaches line {one} before line {two}"),
            ));
        }
        if first == second {
            let who = name(first);
            let count = |poll: usize| match events[poll].what {
                What::Poll { count } => count,
                _ => 0,
            };
            let (one, two) = (count(first_poll), count(second_poll));
            return Some(self.say(
                format!("{who} 在这一刻被轮询了不止一次，前者在第 {one} 次，后者在第 {two} 次"),
                format!("{who} is polled more than once at this instant: the one in poll {one}, the other in poll {two}"),
            ));
        }
        let at = self.time(events[earlier].at);
        if layout::order_is_free(self.trace) {
            return self.why_fixed(earlier, later);
        }
        let first_ready = self.ready_before(first, first_poll)?;
        let second_ready = self.ready_before(second, second_poll)?;
        let how = |event: usize| {
            let line = events[event].line.map_or(String::new(), |line| {
                self.say(format!("，第 {line} 行"), format!(", line {line}"))
            });
            self.data.events[event].s.clone() + &line
        };
        let (one, two) = (name(first), name(second));
        let (one_how, two_how) = (how(first_ready), how(second_ready));
        if first_ready > second_ready {
            return Some(self.say(
                format!("都在 {at}，运行时先轮询 {one}（{one_how}），再轮询 {two}（{two_how}）"),
                format!(
                    "both at {at}; the runtime polls {one} ({one_how}) before {two} ({two_how})"
                ),
            ));
        }
        let timers = if self.is_earlier_timer(first_ready, second_ready, first, second) {
            self.say(
                "；两个定时器同时到点，先开始的先唤醒".to_owned(),
                "; of two timers that end at once, the one that began first wakes first".to_owned(),
            )
        } else {
            String::new()
        };
        Some(self.say(
            format!("都在 {at}，{one} 先进就绪队列（{one_how}），{two} 后进（{two_how}），队列先进先出{timers}"),
            format!(
                "both at {at}; {one} enters the ready queue first ({one_how}), then {two} ({two_how}), \
                 and the queue is first in, first out{timers}"
            ),
        ))
    }

    /// Why the earlier of two lines at the same instant of the real clock is.
    fn why_fixed(&self, earlier: usize, later: usize) -> Option<String> {
        let events = &self.trace.events;
        let name = |event: usize| Some(self.data.lanes[events[event].task?].name.clone());
        let (one, two) = (name(earlier)?, name(later)?);
        if let Some(spawn) = self.spawned_after(earlier, later) {
            let line = self.line(events[spawn].line);
            return Some(self.say(
                format!("{one} 先打印，然后才创建 {two}{line}"),
                format!("{one} prints the one and spawns {two} after that{line}"),
            ));
        }
        let due = self.time(self.held_back(earlier, later)?);
        let from = self.time(events[self.poll_of(earlier)?].at);
        let to = self.time(events[earlier].at);
        Some(self.say(
            format!("{one} 的一次轮询从 {from}到 {to}占着线程，{two} 的定时器在 {due}就到点了，也要等它结束"),
            format!(
                "{one} holds the thread from {from} to {to}, in one poll; the timer of {two} was due at {due} \
                 and had to wait for its end"
            ),
        ))
    }

    /// The poll in which something happened.
    fn poll_of(&self, event: usize) -> Option<usize> {
        let task = self.trace.events[event].task;
        self.trace.events[..event]
            .iter()
            .rposition(|event| event.task == task && matches!(event.what, What::Poll { .. }))
    }

    /// What put a task into the ready queue before a poll: the first wake since
    /// the poll before, or its spawn.
    fn ready_before(&self, task: TaskId, poll: usize) -> Option<usize> {
        let before = self.poll_of(poll).map_or(0, |before| before + 1);
        (before..poll).find(|&event| {
            let event = &self.trace.events[event];
            event.task == Some(task) && matches!(event.what, What::Spawn | What::Wake { .. })
        })
    }

    /// Whether two wakes are by timers of which the first began first.
    fn is_earlier_timer(&self, one: usize, two: usize, first: TaskId, second: TaskId) -> bool {
        let by_timer = |event: usize| self.data.events[event].y == Some("timer".into());
        let began = |task: TaskId, wake: usize| {
            self.trace.waits.iter().position(|wait| {
                wait.task == task && wait.deadline == Some(self.trace.events[wake].at)
            })
        };
        by_timer(one) && by_timer(two) && began(first, one) < began(second, two)
    }

    /// When is the last line printed? Asked where time passes, and where there
    /// is no order to ask for.
    fn when(&self, prints: &[usize], must_ask: bool) -> Option<When> {
        let round = |at: Micros| match layout::order_is_free(self.trace) {
            true => at / ROUND * ROUND,
            false => at,
        };
        let last = prints.len().checked_sub(1);
        let right = round(last.map_or(self.trace.end, |last| self.trace.events[prints[last]].at));
        if round(self.trace.end) == 0 && !must_ask {
            return None;
        }
        let waits = &self.trace.waits;
        // What a computation takes is the machine's affair: nobody can tell.
        let computes = layout::order_is_free(self.trace)
            && self.trace.end < 1_000_000
            && waits.iter().all(|wait| matches!(wait.on, On::Task { .. }));
        if computes && !must_ask {
            return None;
        }
        let in_turn: Micros = waits
            .iter()
            .map(|wait| match wait.on {
                // Nobody waits for a limit that is not needed; those of a library
                // (on the real clock) are sleeps like others.
                On::Sleep { .. } | On::Timeout { .. }
                    if wait.end != WaitEnd::Ready && layout::order_is_free(self.trace) =>
                {
                    0
                }
                On::Sleep { duration } | On::Timeout { duration } => duration,
                _ => 0,
            })
            .sum();
        let mut times: BTreeSet<Micros> = self.trace.events.iter().map(|event| event.at).collect();
        times.extend(waits.iter().filter_map(|wait| wait.deadline));
        times.insert(in_turn);
        let mut times: BTreeSet<Micros> = times.into_iter().map(round).collect();
        // Of many, those at which a line is printed: what a reader has in mind.
        if times.len() > 5 {
            let printed = self.prints().map(|print| round(self.trace.events[print].at));
            times = printed.chain([round(in_turn), right]).collect();
        }
        // Of these, those that are nearest to the truth, and the sum of all.
        while times.len() > 5 {
            let far = |at: &&Micros| (at.abs_diff(right), **at != round(in_turn));
            let dropped = *times.iter().filter(|at| **at != round(in_turn)).max_by_key(far)?;
            times.remove(&dropped);
        }
        for further in 1.. {
            if times.len() >= 3 {
                break;
            }
            times.insert(right + further * 1_000_000);
        }
        let ask = match prints.len() {
            0 => self.say("程序什么时候结束？".into(), "When does the program end?".into()),
            1 => self.say("这一行什么时候打印？".into(), "When is this line printed?".into()),
            _ if self.prints().count() > prints.len() => self.say(
                "上面最后的那一行什么时候打印？".into(),
                "When is the last of these printed?".into(),
            ),
            _ => self.say("最后一行什么时候打印？".into(), "When is the last line printed?".into()),
        };
        Some(When {
            ask,
            choices: times.iter().map(|&at| self.time(at)).collect(),
            right: times.iter().position(|&at| at == right)?,
            line: last,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

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
