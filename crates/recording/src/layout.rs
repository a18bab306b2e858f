//! Where everything stands on the time axis.
//!
//! On the paused clock a poll takes no time at all, so an axis that is true to
//! scale would pile everything up. The axis is made of **instants** instead.
//! Each is as wide as it has **slots**, one for each poll (or cut) at that
//! instant, in order; between two instants lies a gap that is the wider the
//! longer the pause, by its square root.
//!
//! The unit is the caller's: pixels for the picture, columns for the terminal.

use crate::model::{
    By, Clock, Ending, Event, Micros, Outcome, TaskId, TaskKind, Trace, Wait, What,
};

/// The sizes to lay a trace out with.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// The whole axis, if it fits.
    pub width: f64,
    /// A slot in which nothing is printed.
    pub slot: f64,
    /// A printed line's mark; a slot is at least as wide as its marks.
    pub mark: f64,
    /// The least gap between two instants.
    pub gap: f64,
}

/// A moment at which something happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Instant {
    /// When.
    pub at: Micros,
    /// Its left edge.
    pub left: f64,
    /// Its right edge.
    pub right: f64,
}

/// The place of one poll, or of one cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// Its left edge.
    pub left: f64,
    /// Its right edge.
    pub right: f64,
    /// How many lines are printed in it.
    pub prints: usize,
    instant: usize,
}

/// One task's part of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// The task; `None` for what happens outside of all tasks.
    pub task: Option<TaskId>,
    /// One row for each branch.
    pub rows: usize,
    /// From where it lives.
    pub left: f64,
    /// Until where.
    pub right: f64,
    /// The polls: the slots each covers (several, where it polls another task
    /// within) and the event that begins it.
    pub polls: Vec<(usize, usize, usize)>,
    /// How it ended.
    pub outcome: Outcome,
}

/// A printed line's mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The event.
    pub event: usize,
    /// The lane, as an index.
    pub lane: usize,
    /// The slot.
    pub slot: usize,
    /// Its place among the marks of the slot.
    pub place: usize,
    /// The branch.
    pub branch: usize,
}

/// From one poll to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The event: a spawn or a wake.
    pub event: usize,
    /// The lane it comes from.
    pub from: usize,
    /// The slot it comes from.
    pub from_slot: usize,
    /// The lane it goes to.
    pub to: usize,
    /// The slot it goes to: the poll that it leads to, if there is one.
    pub to_slot: Option<usize>,
    /// True for a spawn.
    pub spawn: bool,
}

/// A trace, laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The moments, in order.
    pub instants: Vec<Instant>,
    /// The slots, in order.
    pub slots: Vec<Slot>,
    /// The lanes: one a task, and before them one for what is outside.
    pub lanes: Vec<Lane>,
    /// The printed lines, in order.
    pub marks: Vec<Mark>,
    /// Spawns, and wakes of one task by another.
    pub arrows: Vec<Arrow>,
    /// The slot of each event.
    pub slot_of: Vec<usize>,
    /// The right end of the axis.
    pub width: f64,
}

/// On the real clock, what happens within so many microseconds is drawn as one
/// moment: it is what one timer or one answer sets off.
const REAL_GRAIN: Micros = 5_000;

/// How many gaps and marks would fit beyond the last moment of what never ends:
/// enough for a word or two.
const BEYOND: f64 = 4.0;

/// The most lanes that are drawn when there are more tasks than recorded.
const SOME_LANES: usize = 8;

impl Layout {
    /// Lays the trace out.
    pub fn of(trace: &Trace, sizes: Sizes) -> Self {
        let (mut slots, slot_of, times) = slots(trace);
        // What never ends goes on beyond the last moment, to the edge.
        let beyond = match trace.ending {
            Ending::Stuck | Ending::Cut { .. } => BEYOND * (sizes.gap + sizes.mark),
            _ => 0.0,
        };
        let sizes = Sizes { width: sizes.width - beyond, ..sizes };
        let instants = place(&mut slots, &times, sizes);
        let width = instants.last().map_or(0.0, |instant| instant.right) + beyond;
        let mut layout = Self {
            instants,
            slots,
            lanes: Vec::new(),
            marks: Vec::new(),
            arrows: Vec::new(),
            slot_of,
            width,
        };
        layout.add_lanes(trace);
        layout.add_marks(trace);
        layout.add_arrows(trace);
        layout
    }

    /// The x at which a wait that began with this event begins: where the poll
    /// ends.
    pub fn wait_from(&self, event: usize, task: TaskId) -> f64 {
        self.slots[self.poll_end(event, task)].right
    }

    /// The x at which a wait that ended with this event ends: where the poll
    /// begins.
    pub fn wait_to(&self, event: usize) -> f64 {
        self.slots[self.slot_of[event]].left
    }

    /// The x of a moment, whether anything happened at it or not: between two
    /// instants, in proportion.
    pub fn x_at(&self, at: Micros) -> f64 {
        let next = self.instants.partition_point(|instant| instant.at < at);
        let before = next.checked_sub(1).map(|before| self.instants[before]);
        match (before, self.instants.get(next)) {
            (Some(before), Some(after)) if after.at > at => {
                let share = (at - before.at) as f64 / (after.at - before.at) as f64;
                before.right + share * (after.left - before.right)
            }
            (_, Some(instant)) => instant.left,
            (_, None) => self.width,
        }
    }

    /// The x at which a wait was over or should have been: short of its right
    /// end if it was late.
    pub fn due(&self, wait: &Wait, from: f64, to: f64) -> f64 {
        let deadline = wait.late().and(wait.deadline);
        deadline.map_or(to, |deadline| self.x_at(deadline).clamp(from, to.max(from)))
    }

    /// The widest stretch between two x of a lane that no poll covers: where
    /// there is room for words.
    pub fn clear_stretch(&self, lane: usize, from: f64, to: f64) -> (f64, f64) {
        let mut best = (from, from);
        let mut left = from;
        let mut offer = |left: f64, right: f64| {
            if right - left > best.1 - best.0 {
                best = (left, right);
            }
        };
        for &(first, last, _) in &self.lanes[lane].polls {
            let (begin, end) = (self.slots[first].left, self.slots[last].right);
            if end > from && begin < to {
                offer(left, begin);
                left = left.max(end);
            }
        }
        offer(left, to);
        best
    }

    /// The lane of a task, if it is drawn.
    pub fn lane_of(&self, task: Option<TaskId>) -> Option<usize> {
        self.lanes.iter().position(|lane| lane.task == task)
    }

    fn poll_end(&self, event: usize, task: TaskId) -> usize {
        let slot = self.slot_of[event];
        self.lane_of(Some(task))
            .and_then(|lane| {
                self.lanes[lane].polls.iter().find(|poll| poll.0 <= slot && slot <= poll.1)
            })
            .map_or(slot, |poll| poll.1)
    }

    fn add_lanes(&mut self, trace: &Trace) {
        let outside = trace.events.iter().any(|event| event.task.is_none());
        if outside || trace.tasks.is_empty() {
            self.lanes.push(Lane {
                task: None,
                rows: 1,
                left: 0.0,
                right: self.width,
                polls: Vec::new(),
                outcome: Outcome::Ready,
            });
        }
        let drawn = if trace.omitted > 0 { SOME_LANES } else { trace.tasks.len() };
        for (task, facts) in trace.tasks.iter().enumerate().take(drawn) {
            let mine = |event: &(usize, &Event)| event.1.task == Some(task);
            let mut lane = Lane {
                task: Some(task),
                rows: trace.branches(task),
                left: 0.0,
                right: self.width,
                polls: Vec::new(),
                outcome: facts.outcome,
            };
            for (index, event) in trace.events.iter().enumerate().filter(mine) {
                let slot = self.slot_of[index];
                match event.what {
                    What::Spawn if facts.kind == TaskKind::Root => {
                        lane.left = self.slots[slot].left
                    }
                    What::Spawn => {
                        lane.left = (self.slots[slot].left + self.slots[slot].right) / 2.0
                    }
                    What::Poll { .. } => lane.polls.push((slot, slot, index)),
                    What::Pending | What::Ready | What::Panicked => {
                        if let Some(poll) = lane.polls.last_mut() {
                            poll.1 = slot.max(poll.0);
                        }
                    }
                    _ => {}
                }
                match event.what {
                    What::Ready | What::Panicked => lane.right = self.slots[slot].right,
                    What::Cancelled | What::Dropped => lane.right = self.slots[slot].left,
                    _ => {}
                }
            }
            self.lanes.push(lane);
        }
    }

    fn add_marks(&mut self, trace: &Trace) {
        for (index, event) in trace.events.iter().enumerate() {
            let What::Print { branch, .. } = event.what else {
                continue;
            };
            let slot = self.slot_of[index];
            let place = self.marks.iter().filter(|mark| mark.slot == slot).count();
            let lane = self.lane_of(event.task);
            if let Some(lane) = lane {
                self.marks.push(Mark { event: index, lane, slot, place, branch });
            }
        }
    }

    fn add_arrows(&mut self, trace: &Trace) {
        for (index, event) in trace.events.iter().enumerate() {
            let spawn = event.what == What::Spawn;
            let by = match &event.what {
                What::Spawn => event.task.and_then(|task| trace.tasks[task].parent),
                What::Wake { by: By::Task(by) | By::End(by), again: false } => Some(*by),
                _ => None,
            };
            let (Some(by), Some(to)) = (by, self.lane_of(event.task)) else {
                continue;
            };
            let Some(from) = self.lane_of(Some(by)) else {
                continue;
            };
            if from == to {
                continue;
            }
            let next = trace.events[index..].iter().position(|later| {
                later.task == event.task
                    && matches!(later.what, What::Poll { .. } | What::Cancelled | What::Dropped)
            });
            let to_slot = next.map(|offset| self.slot_of[index + offset]);
            self.arrows.push(Arrow {
                event: index,
                from,
                from_slot: self.slot_of[index],
                to,
                to_slot,
                spawn,
            });
        }
    }
}

/// Gives each event its slot. A new slot begins with each poll and each cut,
/// and with whatever comes first at its instant.
fn slots(trace: &Trace) -> (Vec<Slot>, Vec<usize>, Vec<Micros>) {
    let mut times: Vec<Micros> = vec![0];
    let mut slots = vec![Slot { left: 0.0, right: 0.0, prints: 0, instant: 0 }];
    let mut slot_of = Vec::with_capacity(trace.events.len());
    // A slot that nothing has claimed yet serves the next poll.
    let mut claimed = false;
    let mut again = false;
    // With tasks left out, polls that answered to them follow one another with
    // nothing between; one slot will do for them.
    let mut last_polled = None;
    let grain = if trace.clock == Clock::Real { REAL_GRAIN } else { 0 };
    for event in &trace.events {
        // Threads may report a little out of order on the real clock.
        let last = *times.last().unwrap_or(&0);
        let at = event.at.max(last);
        let new_instant = at - last > grain;
        if new_instant {
            times.push(at);
            claimed = false;
        }
        let claims = matches!(event.what, What::Poll { .. } | What::Cancelled | What::Dropped);
        let outside = event.task.is_none();
        let repeats = trace.omitted > 0 && last_polled == Some(event.task);
        if claims {
            last_polled = Some(event.task);
        }
        if new_instant || (claims && claimed && !repeats) || (outside && claimed && !again) {
            slots.push(Slot { left: 0.0, right: 0.0, prints: 0, instant: times.len() - 1 });
            claimed = false;
        }
        // Lines printed outside of all tasks share a slot.
        again = outside;
        claimed |= claims || outside;
        let slot = slots.len() - 1;
        slots[slot].prints += usize::from(matches!(event.what, What::Print { .. }));
        slot_of.push(slot);
    }
    if trace.end > *times.last().unwrap_or(&0) + grain {
        times.push(trace.end);
        slots.push(Slot { left: 0.0, right: 0.0, prints: 0, instant: times.len() - 1 });
    }
    (slots, slot_of, times)
}

fn place(slots: &mut [Slot], times: &[Micros], sizes: Sizes) -> Vec<Instant> {
    let least = |slot: &Slot| sizes.slot.max(sizes.mark * slot.prints as f64);
    let filled: f64 = slots.iter().map(least).sum();
    // Where much room is left the slots grow a little, most where no time
    // passes at all. A terminal's columns are whole.
    let (share, most) = if times.len() > 1 { (0.3, 1.3) } else { (0.6, 3.0) };
    let stretch =
        if sizes.slot > 1.0 { (share * sizes.width / filled).clamp(1.0, most) } else { 1.0 };
    let wide = |slot: &Slot| least(slot) * stretch;
    let filled = filled * stretch;
    let pauses: Vec<f64> =
        times.windows(2).map(|pair| ((pair[1] - pair[0]) as f64).sqrt()).collect();
    let total: f64 = pauses.iter().sum();
    let spare = (sizes.width - filled - sizes.gap * pauses.len() as f64).max(0.0);

    let mut instants = Vec::new();
    let mut x = 0.0;
    let mut next = 0;
    for (index, &at) in times.iter().enumerate() {
        if index > 0 {
            x += sizes.gap + (spare * pauses[index - 1] / total).floor();
        }
        let left = x;
        while let Some(slot) = slots.get_mut(next).filter(|slot| slot.instant == index) {
            slot.left = x;
            x += wide(slot);
            slot.right = x;
            next += 1;
        }
        instants.push(Instant { at, left, right: x });
    }
    instants
}

/// True where nothing is claimed of the order within an instant.
pub fn order_is_free(trace: &Trace) -> bool {
    trace.clock == Clock::Real && !trace.is_without_tokio()
}
