//! The time that is shown on the paused clock.
//!
//! A timer ends at the first whole millisecond of the runtime after its
//! deadline, on the paused clock as in truth (the stage takes it off the whole
//! millisecond): ten sleeps of 100 ms read 1,010 ms afterwards. What is shown is
//! what the program asked for, 1 s. So each task has a moment of its own: what
//! its chain of timers and wakes adds up to, beside what the clock reads then.
//! Shown time never runs backwards.

use std::time::Duration;

use super::{Recorder, Resource, polled};
use crate::model::*;

/// tokio's timers know no smaller step, in microseconds.
const TICK: Micros = 1_000;

/// A moment on the paused clock, in microseconds since the program began.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moment {
    /// What the timers so far add up to.
    pub shown: Micros,
    /// What the clock reads.
    pub read: Micros,
}

/// What a timer was made with.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Which of tokio's functions made it.
    pub by: Maker,
    /// When it is due first.
    pub due: Due,
    /// How long after that again.
    pub period: Option<Duration>,
}

/// Who makes timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// `sleep` or `sleep_until`.
    Sleep,
    /// `timeout` or `timeout_at`.
    Timeout,
    /// `interval` or `interval_at`.
    Interval,
}

/// When a timer is due.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    /// So long after it was made.
    After(Duration),
    /// At that moment.
    At(tokio::time::Instant),
}

/// A timer, as it was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timer {
    pub by: Maker,
    /// When it was due first.
    due: Moment,
    /// How long that was to be.
    duration: Micros,
    period: Option<Micros>,
}

impl Recorder {
    /// What the clock reads.
    fn read(&mut self) -> Micros {
        match self.trace.clock {
            // To the millisecond: finer than that, threads do not wake.
            Clock::Real => self.read = micros(self.started.elapsed()) / TICK * TICK,
            // Outside of a runtime, tokio's clock is the system's.
            Clock::Paused if tokio::runtime::Handle::try_current().is_ok() => {
                let now = tokio::time::Instant::now();
                let start = *self.virtual_start.get_or_insert(now);
                let passed = micros(now.saturating_duration_since(start));
                self.read = self.read.max(self.base + passed);
            }
            Clock::Paused => {}
        }
        self.read
    }

    /// Where the task being polled stands, or what is outside of all tasks.
    pub(super) fn moment(&mut self) -> Moment {
        let read = self.read();
        if self.trace.clock == Clock::Real {
            return Moment { shown: read, read };
        }
        let known = match polled() {
            Some(id) => self.live[id].at,
            None => self.outside,
        };
        let moment = self.moved(known, read);
        match polled() {
            Some(id) => self.live[id].at = moment,
            None => self.outside = moment,
        }
        moment
    }

    /// The clock has gone on without a wake that explains it: to a timer that
    /// was due, or because the program moved it.
    fn moved(&self, known: Moment, read: Micros) -> Moment {
        if read <= known.read {
            return known;
        }
        let shown = match self.due.get(&(read / TICK)) {
            Some(&due) => known.shown.max(due),
            None => known.shown + (read - known.read),
        };
        Moment { shown, read }
    }

    /// The time of the trace.
    pub(super) fn now(&mut self) -> Micros {
        let moment = self.moment();
        self.last = self.last.max(moment.shown);
        // A chain of timers has fallen behind another one, as in truth: it goes on
        // from there, and what follows takes as long as was asked for.
        if let Some(id) = polled().filter(|_| self.trace.clock == Clock::Paused) {
            self.live[id].at.shown = self.last;
        }
        self.last
    }

    /// Where a task stands that is woken now, and will be polled.
    pub(super) fn woken_at(&mut self, id: TaskId, by: &By) -> Moment {
        let moment = match by {
            By::Timer => self.fired(id),
            _ => None,
        };
        let moment = moment.unwrap_or_else(|| {
            let waker = self.moment();
            Moment { shown: waker.shown.max(self.live[id].at.shown), read: waker.read }
        });
        let before = self.live[id].woken_at.map_or(0, |before| before.shown);
        Moment { shown: moment.shown.max(before), ..moment }
    }

    /// The timer wheel has reached timers that the task waits for.
    fn fired(&mut self, id: TaskId) -> Option<Moment> {
        let read = self.read();
        let tick = read / TICK;
        let mut fired: Option<(u64, Micros)> = None;
        for wait in self.waits_of(id, |open| open.timer.is_some_and(|(due, _)| due <= tick)) {
            let timer = self.open.get_mut(&wait).and_then(|open| open.timer.take());
            fired = fired.max(timer);
        }
        let (due, shown) = fired?;
        // Later than it was due: the program moved the clock by more.
        Some(Moment { shown: shown + (tick - due) * TICK, read })
    }

    /// A timer is made.
    pub(super) fn timer(&mut self, asked: Asked) -> Timer {
        let now = self.moment();
        let (due, duration) = match asked.due {
            Due::After(duration) => {
                let duration = micros(duration);
                (Moment { shown: now.shown + duration, read: now.read + duration }, duration)
            }
            Due::At(instant) => {
                let due = self.at(instant, now);
                (due, due.shown.saturating_sub(now.shown))
            }
        };
        Timer { by: asked.by, due, duration, period: asked.period.map(micros) }
    }

    /// What is shown at an instant of tokio's clock.
    fn at(&self, instant: tokio::time::Instant, now: Moment) -> Moment {
        let start = self.virtual_start.unwrap_or(instant);
        let read = match self.trace.clock {
            Clock::Paused => self.base + micros(instant.saturating_duration_since(start)),
            Clock::Real => {
                let from_now = instant.saturating_duration_since(tokio::time::Instant::now());
                now.read + micros(from_now)
            }
        };
        Moment { shown: roundest(read, now), read }
    }

    /// A timer starts, so many ticks from now; when it will be due, as shown, and
    /// how long that is.
    pub(super) fn timer_starts(&mut self, timer: Option<Timer>, ticks: u64) -> (Micros, Micros) {
        let now = self.moment();
        let tick = now.read / TICK + ticks;
        // Of a timer that nobody saw made, or that was set anew, only its tick is
        // known.
        let unknown = match self.trace.clock {
            Clock::Paused => roundest(now.read + ticks.saturating_sub(1) * TICK, now),
            Clock::Real => now.shown + ticks.saturating_sub(1) * TICK,
        };
        let (due, duration) = match timer {
            None => (unknown, unknown - now.shown),
            Some(Timer { period: None, due, duration, .. }) => (due.shown, duration),
            Some(Timer { period: Some(period), due, .. }) => {
                let steps = steps(due.read, period, tick, self.trace.clock);
                let next = steps.map(|steps| due.shown + steps * period);
                // `MissedTickBehavior::Delay`: one period from now.
                let delayed = now.shown + period;
                let next = next.unwrap_or(if unknown.abs_diff(delayed) <= TICK {
                    delayed
                } else {
                    unknown
                });
                (next, self.to_the_next(next.saturating_sub(now.shown), period))
            }
        };
        let known = self.due.entry(tick).or_default();
        *known = due.max(*known);
        // Nobody asks for what is long past.
        if self.due.len() > 4096 {
            self.due = self.due.split_off(&(now.read / TICK));
        }
        (due, duration)
    }

    /// On the real clock the way to the next tick is never whole.
    fn to_the_next(&self, duration: Micros, period: Micros) -> Micros {
        match self.trace.clock {
            Clock::Real if duration.abs_diff(period) < 20 * TICK => period,
            _ => duration,
        }
    }
}

/// What is shown when the clock will read this. The program has taken the instant
/// from the clock at one time or another, and reckoned with whole numbers: of the
/// readings between then and now, the roundest.
fn roundest(read: Micros, now: Moment) -> Micros {
    let behind = now.read.saturating_sub(now.shown) / TICK;
    let least = if read >= now.read { now.shown } else { 0 };
    let readings = (0..=behind.min(10_000)).rev().map(|steps| read.saturating_sub(steps * TICK));
    let shown = readings.filter(|&shown| shown >= least).max_by_key(|&shown| {
        // The last of equals wins, which is the latest.
        (1..=9).take_while(|&zeros| shown.is_multiple_of(10_u64.pow(zeros))).count()
    });
    shown.unwrap_or(least)
}

/// How many periods after its first time the interval is due at this tick, which
/// is the first one after it.
fn steps(first: Micros, period: Micros, tick: u64, clock: Clock) -> Option<u64> {
    // On the real clock, our moments are not quite the runtime's.
    let spare = if clock == Clock::Real { 5 * TICK } else { 0 };
    let latest = tick * TICK + spare - 1;
    let steps = latest.checked_sub(first)?.checked_div(period)?;
    (first + steps * period + TICK + 2 * spare > latest).then_some(steps)
}

impl Resource {
    /// What made it, if it is a timer that was seen made.
    pub(super) fn maker(&self) -> Option<Maker> {
        self.timer.map(|timer| timer.by)
    }
}

pub(super) fn micros(duration: Duration) -> Micros {
    Micros::try_from(duration.as_micros()).unwrap_or(Micros::MAX / 4)
}
