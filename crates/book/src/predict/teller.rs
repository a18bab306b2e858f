//! Why a line is printed when it is, and why before another: read off the recording,
//! said in the page's language.

use project::locale::Language;
use recording::layout;
use recording::model::{Micros, On, TaskId, TaskKind, Trace, WaitEnd, WaitId, What};
use recording::widget::{self, Data};

use crate::recordings;

/// On the real clock, lines closer than this may come the other way round. Two
/// of its grains, since a line may fall to either side of one.
const CLOSE: Micros = 200_000;

/// Says why, from the trace, in the page's language.
pub struct Teller<'a> {
    pub trace: &'a Trace,
    language: Language,
    pub data: Data,
}

impl<'a> Teller<'a> {
    /// Of this recording.
    pub fn new(trace: &'a Trace, language: Language) -> Self {
        Self { trace, language, data: widget::data(trace, recordings::locale(language)) }
    }

    pub fn say(&self, chinese: String, english: String) -> String {
        self.language.pick(chinese, english)
    }

    pub fn time(&self, at: Micros) -> String {
        recordings::locale(self.language).time(at)
    }

    pub fn prints(&self) -> impl Iterator<Item = usize> {
        let events = self.trace.events.iter().enumerate();
        events.filter(|(_, event)| matches!(event.what, What::Print { .. })).map(|(at, _)| at)
    }

    fn branch(&self, print: usize) -> (Option<TaskId>, Option<usize>) {
        (self.trace.events[print].task, self.data.events[print].b)
    }

    /// Whether one printed line always comes before a later one.
    pub fn is_fixed(&self, earlier: usize, later: usize) -> bool {
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
    pub fn why(&self, print: usize) -> String {
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
            On::Task { task } | On::NextTask { task } => task,
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
    pub fn why_first(&self, earlier: usize, later: usize) -> Option<String> {
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
}
