//! Who waits for ever in a program that does not end, and why.

use super::{Open, Recorder, holds};
use crate::model::*;

impl Recorder {
    /// One entry for each wait of each task that is left, in the order of the
    /// tasks; those that are polled at this moment stand in `running`.
    pub(super) fn stuck(&self, running: &[Stuck]) -> Vec<Stuck> {
        // On a thread that a poll holds up, timers do not fire.
        let is_held_up = running.iter().any(|stuck| {
            matches!(stuck.why, Why::Blocked { .. })
                && self.trace.tasks[stuck.task].kind != TaskKind::Blocking
        });
        let mut all = Vec::new();
        for id in 0..self.trace.tasks.len() {
            if self.trace.tasks[id].outcome != Outcome::Running {
                continue;
            }
            let is_running = running.iter().filter(|stuck| stuck.task == id);
            let before = all.len();
            all.extend(is_running.cloned());
            if all.len() > before || self.trace.tasks[id].kind == TaskKind::Blocking {
                continue;
            }
            // What only waits for its turn on that thread.
            if is_held_up && self.polled.iter().any(|&(polled, ..)| polled == id) {
                continue;
            }
            let waits = self.waits_of(id, |_| true);
            if waits.is_empty() && self.live[id].polls > 0 && !is_held_up {
                let why = Why::NoWaker;
                all.push(Stuck { task: id, wait: None, name: None, why });
            }
            let waits =
                waits.into_iter().filter(|wait| !is_held_up || self.open[wait].timer.is_none());
            all.extend(waits.map(|wait| self.why(id, wait)));
        }
        all
    }

    /// Those that wait for ever whatever the others do: for one another.
    pub(super) fn dead(&self) -> Vec<Stuck> {
        let all = self.stuck(&[]);
        let mut dead: Vec<TaskId> = all.iter().map(|stuck| stuck.task).collect();
        dead.dedup();
        loop {
            let is_dead = |stuck: &Stuck| {
                let lives = |task: &TaskId| dead.contains(task);
                match &stuck.why {
                    Why::Held { by } => {
                        !by.is_empty() && by.iter().all(|it| it.task.is_some_and(|it| lives(&it)))
                    }
                    Why::Task { task } => lives(task),
                    Why::Turn { of } | Why::Behind { of } => lives(&self.trace.waits[*of].task),
                    _ => false,
                }
            };
            let before = dead.len();
            let all_dead =
                |task: &TaskId| all.iter().filter(|stuck| stuck.task == *task).all(is_dead);
            let next: Vec<TaskId> = dead.iter().copied().filter(all_dead).collect();
            dead = next;
            if dead.len() == before {
                break;
            }
        }
        all.into_iter().filter(|stuck| dead.contains(&stuck.task)).collect()
    }

    fn why(&self, task: TaskId, wait: WaitId) -> Stuck {
        let facts = &self.trace.waits[wait];
        let open = &self.open[&wait];
        let why = match &facts.on {
            _ if is_passed(facts, open) => Why::NotPolled,
            On::Mutex | On::RwLock | On::Semaphore => self.why_no_lock(wait, open),
            On::Task { task: Some(task) } => Why::Task { task: *task },
            On::Task { task: None } => Why::SomeTask,
            On::NextTask { .. } => Why::Set,
            On::Channel { sending: true } => Why::Full,
            On::Channel { sending: false } => {
                let alive = open.channel.and_then(|channel| self.channels.get(&channel));
                let alive = alive.map(|channel| channel.senders.values().cloned().collect());
                Why::Senders { alive: alive.unwrap_or_default() }
            }
            On::Oneshot => Why::Sender,
            _ => Why::Nobody,
        };
        Stuck { task, wait: Some(wait), name: self.name(facts, open), why }
    }

    fn why_no_lock(&self, wait: WaitId, open: &Open) -> Why {
        let holds = self.holds.get(&open.resource).map(Vec::as_slice).unwrap_or_default();
        // Readers do not exclude each other; a writer that queues does.
        if open.shared && !holds.is_empty() && holds.iter().all(|hold| hold.shared) {
            let before = self
                .open
                .iter()
                .filter(|(other, it)| **other < wait && it.resource == open.resource && !it.shared);
            if let Some(of) = before.map(|(other, _)| *other).min() {
                return Why::Behind { of };
            }
        }
        if !holds.is_empty() && open.resource != 0 {
            let by = holds.iter().map(|hold| Holder {
                task: hold.task,
                line: hold.line,
                owned: hold.owned,
                polled: self.is_polled(hold),
            });
            let mut by: Vec<Holder> = by.collect();
            by.dedup();
            return Why::Held { by };
        }
        if !self.handed.contains(&open.resource) {
            return Why::Held { by: Vec::new() };
        }
        // It was handed to the first in the queue, who was not polled since.
        let first = self.open.iter().filter(|(_, other)| other.resource == open.resource);
        match first.map(|(first, _)| *first).min() {
            Some(first) if first != wait => Why::Turn { of: first },
            _ => Why::NotPolled,
        }
    }

    /// Whether the future that took it is still polled: not if it waits in these
    /// functions for what has come.
    fn is_polled(&self, hold: &holds::Hold) -> bool {
        let Some(task) = hold.task else { return true };
        let passed = self.waits_of(task, |_| true).into_iter().any(|wait| {
            let (facts, open) = (&self.trace.waits[wait], &self.open[&wait]);
            is_passed(facts, open) && open.functions.starts_with(&hold.functions)
        });
        !passed
    }

    /// What the program calls it.
    fn name(&self, wait: &Wait, open: &Open) -> Option<String> {
        let methods: &[&str] = match wait.on {
            On::Mutex => &["lock", "lock_owned"],
            On::RwLock => &["read", "write", "read_owned", "write_owned"],
            On::Semaphore => &["acquire", "acquire_many", "acquire_owned", "acquire_many_owned"],
            On::Channel { sending: false } => &["recv", "recv_many", "next"],
            On::Channel { sending: true } => &["send", "reserve"],
            On::Notify => &["notified"],
            On::Watch => &["changed", "wait_for"],
            On::Cell => &["get_or_init", "get_or_try_init"],
            On::Barrier => &["wait"],
            _ => &[],
        };
        let made = self.resources.get(&open.resource).and_then(|made| made.name.clone());
        // Several that were made in the same place are numbered.
        let made = made.map(|name| match self.named.get(&name).map_or(&[][..], Vec::as_slice) {
            all @ [_, _, ..] => {
                let number = all.iter().position(|made| *made == open.resource).unwrap_or(0);
                part(&name, number).unwrap_or_else(|| format!("{name} #{}", number + 1))
            }
            _ => name,
        });
        let of_channel = open.channel.and_then(|channel| self.channels.get(&channel)?.name.clone());
        let called = || holds::receiver(&self.source, wait.line?, methods);
        match wait.on {
            On::Sleep { .. } | On::Timeout { .. } | On::Interval { .. } => None,
            On::Task { .. } | On::NextTask { .. } => None,
            On::Oneshot => made.and_then(|pattern| part(&pattern, 1)),
            On::Channel { .. } => of_channel.and_then(|pattern| part(&pattern, 1)).or_else(called),
            _ => made.or_else(called),
        }
    }
}

/// What it waits for has come, and it was not polled since.
fn is_passed(wait: &Wait, open: &Open) -> bool {
    wait.deadline.is_some() && open.timer.is_none()
}

/// Of `(tx, mut rx)`, number 1 is `rx`.
fn part(pattern: &str, number: usize) -> Option<String> {
    let inside = pattern.trim().strip_prefix('(')?.strip_suffix(')')?;
    let part = inside.split(',').nth(number)?.trim();
    Some(part.trim_start_matches("mut ").trim().to_owned())
}
