//! The lanes as a picture that needs no script.
//!
//! Time runs from left to right, on the axis of [`layout`](crate::layout). A
//! lane is a task; a row in it, a branch. Elements and classes, all inside
//! `<svg class="wb-lanes">` with `data-name` and `data-clock`:
//!
//! | class | what | data |
//! |---|---|---|
//! | `wb-instant` | a moment: all in it happens at once, left to right | `data-at` |
//! | `wb-lane` | a task, a `<g>` with its color in `--wb-lane` | `data-task`, `data-line` |
//! | `wb-life` | from spawn to end | |
//! | `wb-wait` | a wait; `wb-wait-dropped` if it was cut short, `wb-wait-forever` if it never ends | `data-event`, `data-line`, `data-wait` |
//! | `wb-late` | the part of a wait after its timer was due, if nobody answered it | |
//! | `wb-poll` | a poll | `data-event` |
//! | `wb-end` | how the task ended: `wb-end-cancelled`, `-panicked`, `-dropped` | |
//! | `wb-arrow` | a wake, or with `wb-arrow-spawn` a spawn | `data-event`, `data-line` |
//! | `wb-print` | a printed line, in the lane and in the list below | `data-event`, `data-line` |
//!
//! Events are indices into [`Trace::events`], lines count from 1, times are
//! microseconds. Colors come from `--wb-lane-1` … `--wb-lane-6` (`--wb-lane-0` outside of
//! tasks), `--wb-cut` and
//! the text's color, with fallbacks that suit light and dark alike.

use unicode_width::UnicodeWidthStr;

use crate::{
    layout::{Arrow, Lane, Layout, Mark, Sizes},
    model::{By, Clock, Outcome, TaskId, Trace, WaitEnd, What},
    text::{lane_names, shorten, visible, wrap},
    words::Locale,
};

/// The margin on every side, in pixels.
const EDGE: f64 = 8.0;
/// A row's height.
const ROW: f64 = 26.0;
/// What parts two lanes.
const BETWEEN: f64 = 10.0;
/// The axis's height.
const AXIS: f64 = 26.0;
/// A printed line's height in the list.
const LINE: f64 = 20.0;
/// The height of a lane's name where it stands above the lane.
const HEAD: f64 = 20.0;
/// A letter's width, about.
const LETTER: f64 = 6.6;
/// A letter's width in the list, which is set in a fixed pitch.
const FIXED: f64 = 7.4;
/// Colors that are far enough from white and from black.
const COLORS: [&str; 6] = ["#4a7fb5", "#c07a3a", "#4d9a6a", "#a0659f", "#b3804a", "#5b8f9e"];

const STYLE: &str = include_str!("svg.css");

/// Draws the trace, so many pixels wide: for a page, 720 beside 360 for a
/// narrow screen. It becomes wider than asked for if it has to, so let its
/// container scroll; scaled down it would be too small to read.
///
/// The names stand beside the lanes from 560 pixels on, and above them below.
pub fn draw(trace: &Trace, locale: Locale, width: u32) -> String {
    Picture::new(trace, locale, f64::from(width)).draw()
}

/// The same, without the sentences that say how the program ended and who waits
/// for ever: they stand beside the picture.
pub fn draw_without_ending(trace: &Trace, locale: Locale, width: u32) -> String {
    let picture = Picture::new(trace, locale, f64::from(width));
    Picture { says_ending: false, ..picture }.draw()
}

struct Picture<'a> {
    trace: &'a Trace,
    locale: Locale,
    layout: Layout,
    names: Vec<(String, Vec<String>)>,
    /// Where the axis begins.
    left: f64,
    /// Height of a name above its lane; zero if it stands beside it.
    head: f64,
    /// The tops of the lanes' first rows.
    tops: Vec<f64>,
    width: f64,
    bottom: f64,
    says_ending: bool,
    out: String,
}

impl<'a> Picture<'a> {
    fn new(trace: &'a Trace, locale: Locale, width: f64) -> Self {
        let names = lane_names(trace, locale);
        let beside = width >= 560.0;
        let longest =
            |names: &[String]| names.iter().map(|name| text_width(name)).fold(0.0, f64::max);
        let gutter =
            names.iter().map(|(name, rows)| text_width(name) + longest(rows)).fold(0.0, f64::max);
        let left = if beside { EDGE + gutter.min(190.0) + 14.0 } else { EDGE };
        let head = if beside { 0.0 } else { HEAD };
        let sizes = Sizes { width: width - left - EDGE, slot: 11.0, mark: 17.0, gap: 22.0 };
        let layout = Layout::of(trace, sizes);

        let mut tops = Vec::new();
        let mut y = AXIS + 4.0;
        for lane in &layout.lanes {
            tops.push(y + head);
            y += head + ROW * lane.rows as f64 + BETWEEN;
        }
        let width = width.max(left + layout.width + EDGE);
        Self {
            trace,
            locale,
            layout,
            names,
            left,
            head,
            tops,
            width,
            bottom: y,
            says_ending: true,
            out: String::new(),
        }
    }

    fn draw(mut self) -> String {
        self.instants();
        for arrow in self.layout.arrows.clone() {
            self.arrow(arrow);
        }
        for index in 0..self.layout.lanes.len() {
            self.lane(index);
        }
        for index in 0..self.layout.lanes.len() {
            self.name(index);
        }
        for (number, mark) in self.layout.marks.clone().into_iter().enumerate() {
            self.mark(number + 1, mark);
        }
        let height = self.list();
        self.wrap(height)
    }

    fn wrap(self, height: f64) -> String {
        let (trace, locale) = (self.trace, self.locale);
        let name = escape(&trace.name);
        let title = locale.say(format!("{name} 的时间线"), format!("Timeline of {name}"));
        let clock = locale.clock(trace);
        let stop = locale.say("。", ".");
        let description = format!("{clock}{stop} {}", escape(&locale.sentences(trace).join(" ")));
        let id = format!("wb-{name}-{}-{}", locale.code(), self.width);
        let clock = serde_json::to_string(&trace.clock).unwrap_or_default();
        format!(
            "<svg class=\"wb-lanes\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" lang=\"{}\" \
             viewBox=\"0 0 {w} {height}\" width=\"{w}\" height=\"{height}\" aria-labelledby=\"{id}-title {id}-desc\" \
             data-name=\"{name}\" data-clock={clock}>\n\
             <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{description}</desc>\n\
             <style>{STYLE}</style>\n<defs><marker id=\"{id}-tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" \
             markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M1 1 7 4 1 7\" fill=\"none\" \
             stroke=\"currentColor\" stroke-width=\"1.4\"/></marker></defs>\n{}</svg>\n",
            locale.code(),
            self.out.replace("{tip}", &format!("{id}-tip")),
            w = self.width,
        )
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// A band for each moment, and its time above it as far as there is room.
    fn instants(&mut self) {
        let mut free = 0.0;
        let last = self.layout.instants.len().saturating_sub(1);
        for (index, instant) in self.layout.instants.clone().into_iter().enumerate() {
            let (x, wide) = (self.left + instant.left, instant.right - instant.left);
            let top = AXIS;
            self.push(&format!(
                "<rect class=\"wb-instant\" data-at=\"{}\" x=\"{x}\" y=\"{top}\" width=\"{wide}\" height=\"{}\"/>",
                instant.at,
                self.bottom - top,
            ));
            let label = self.locale.time(instant.at);
            let half = text_width(&label) / 2.0;
            let middle = (x + wide / 2.0).max(half + 1.0).min(self.width - half - 1.0);
            // The last moment says how long it all took; it keeps its room.
            let end = self.layout.instants[last];
            let reserved = self.left + end.left + (end.right - end.left) / 2.0
                - text_width(&self.locale.time(end.at)) / 2.0
                - 6.0;
            let fits =
                middle - half >= free && (index == last || middle + half <= reserved || index == 0);
            if fits {
                self.push(&format!(
                    "<text class=\"wb-quiet\" x=\"{middle}\" y=\"17\" text-anchor=\"middle\">{label}</text>"
                ));
                free = middle + half + 8.0;
            }
        }
    }

    fn lane(&mut self, index: usize) {
        let lane = self.layout.lanes[index].clone();
        let top = self.tops[index];
        let task = lane.task.and_then(|id| self.trace.tasks.get(id));
        let data = lane.task.map_or(String::new(), |id| format!(" data-task=\"{id}\""))
            + &line_data(task.and_then(|task| task.line));
        self.push(&format!("<g class=\"wb-lane\" style=\"{}\"{data}>", color(lane.task)));
        let height = ROW * lane.rows as f64;
        self.push(&format!(
            "<rect class=\"wb-life\" x=\"{}\" y=\"{top}\" width=\"{}\" height=\"{height}\" rx=\"4\"/>",
            self.left + lane.left,
            (lane.right - lane.left).max(3.0),
        ));
        for (begin, event) in self.trace.events.iter().enumerate() {
            if let What::Wait { wait } = event.what
                && Some(self.trace.waits[wait].task) == lane.task
            {
                self.wait(index, begin, wait);
            }
        }
        for &(first, last, event) in &lane.polls {
            let (from, to) = (self.layout.slots[first], self.layout.slots[last]);
            self.push(&format!(
                "<rect class=\"wb-poll\" data-event=\"{event}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" \
                 rx=\"3\"><title>{}</title></rect>",
                self.left + from.left + 1.5,
                top + 1.0,
                to.right - from.left - 3.0,
                height - 2.0,
                escape(&self.tell(event)),
            ));
        }
        self.end(&lane, top, height);
        self.push("</g>");
    }

    /// Drawn after the arrows, which may cross it.
    fn name(&mut self, index: usize) {
        let lane = self.layout.lanes[index].clone();
        let top = self.tops[index];
        let (name, rows) = self.names[index].clone();
        let line = lane.task.and_then(|id| self.trace.tasks[id].line);
        let fits = ((self.left - EDGE - 14.0) / LETTER).round() as usize;
        if self.head > 0.0 {
            let ending = match lane.outcome {
                Outcome::Ready => String::new(),
                other => format!(" · {}", self.locale.outcome(other)),
            };
            let name = format!("{name}{ending}");
            // To the right of the line that leads from the spawn to the lane.
            let indent = if lane.left > 0.0 { self.left + lane.left + 8.0 } else { EDGE };
            let x = indent.min(self.width - EDGE - text_width(&name) * 1.06).max(EDGE);
            self.push(&format!(
                "<text class=\"wb-name\" x=\"{x}\" y=\"{}\"{}>{}</text>",
                top - 6.0,
                line_data(line),
                escape(&name),
            ));
            return;
        }
        // With branches, the name stands at the middle of the first row, and
        // each branch's at its own.
        if rows.is_empty() {
            let y = top + ROW / 2.0 + 4.0;
            let name = escape(&shorten(&name, fits));
            self.push(&format!(
                "<text class=\"wb-name\" x=\"{EDGE}\" y=\"{y}\"{}>{name}</text>",
                line_data(line)
            ));
            return;
        }
        let y = top + ROW * lane.rows as f64 / 2.0 + 4.0;
        let short = escape(&shorten(&name, fits));
        self.push(&format!(
            "<text class=\"wb-name\" x=\"{EDGE}\" y=\"{y}\"{}>{short}</text>",
            line_data(line)
        ));
        let room = self.left - EDGE - 14.0 - text_width(&name) - 8.0;
        for (row, branch) in rows.iter().enumerate() {
            let branch = shorten(branch.trim(), (room / LETTER).round().max(0.0) as usize);
            let y = top + ROW * (row as f64 + 0.5) + 4.0;
            self.push(&format!(
                "<text class=\"wb-quiet\" x=\"{}\" y=\"{y}\" text-anchor=\"end\">{}</text>",
                self.left - 8.0,
                escape(&branch),
            ));
        }
    }

    fn wait(&mut self, lane: usize, begin: usize, wait: usize) {
        let top = self.tops[lane];
        let facts = &self.trace.waits[wait];
        let from = self.left + self.layout.wait_from(begin, facts.task);
        let end = self.trace.events.iter().position(|event| event.what == What::Waited { wait });
        let to = self.left + end.map_or(self.layout.width, |end| self.layout.wait_to(end));
        let (y, height) = (top + ROW * facts.branch as f64 + 4.0, ROW - 8.0);
        let wide = to - from;
        if wide < 1.0 {
            return;
        }
        let dropped = facts.end == WaitEnd::Dropped;
        let class = match self.trace.is_for_ever(wait) {
            true => "wb-wait wb-wait-forever",
            false if dropped => "wb-wait wb-wait-dropped",
            false => "wb-wait",
        };
        let data = line_data(facts.line);
        let mut text = format!(
            "<g class=\"{class}\" data-event=\"{begin}\" data-wait=\"{wait}\"{data}><title>{}</title>\
             <rect x=\"{from}\" y=\"{y}\" width=\"{wide}\" height=\"{height}\" rx=\"3\"/>",
            escape(&self.tell(begin)),
        );
        let due = self.layout.due(facts, from - self.left, to - self.left);
        if let Some(late) = facts.late() {
            let (due, wide) = (self.left + due, to - self.left - due);
            let words = self.locale.late(late);
            text.push_str(&format!(
                "<rect class=\"wb-late\" x=\"{due}\" y=\"{y}\" width=\"{wide}\" height=\"{height}\" rx=\"3\"/>"
            ));
            let (left, right) = self.layout.clear_stretch(lane, due - self.left, to - self.left);
            if text_width(&words) * 0.88 <= right - left - 6.0 {
                text.push_str(&format!(
                    "<text x=\"{}\" y=\"{}\">{words}</text>",
                    self.left + (left + right) / 2.0,
                    y + height / 2.0 + 4.0,
                ));
            }
        }
        let (left, right) = self.layout.clear_stretch(lane, from - self.left, due);
        if let Some(label) = self.wait_label(wait, right - left - 6.0) {
            text.push_str(&format!(
                "<text x=\"{}\" y=\"{}\">{}</text>",
                self.left + (left + right) / 2.0,
                y + height / 2.0 + 4.0,
                escape(&label),
            ));
        }
        let lane_goes_on = self.layout.lanes[lane].right > to - self.left + 1.0;
        if dropped && lane_goes_on {
            let (x, y) = (to - 1.0, y + height / 2.0);
            text.push_str(&format!(
                "<path class=\"wb-cut\" d=\"M{} {} {} {}\"/>",
                x - 3.0,
                y + 9.0,
                x + 3.0,
                y - 9.0
            ));
        }
        text.push_str("</g>");
        self.push(&text);
    }

    /// The longest wording for which there is room.
    fn wait_label(&self, wait: usize, room: f64) -> Option<String> {
        let facts = &self.trace.waits[wait];
        let long = self.locale.label(self.trace, wait);
        let with_branch = match facts.branch_function(&self.trace.tasks[facts.task]) {
            Some(function) if self.head > 0.0 && self.trace.branches(facts.task) > 1 => {
                Some(format!("{function} · {long}"))
            }
            _ => None,
        };
        // Of a timer, the duration alone says enough.
        let time =
            facts.deadline.and_then(|_| long.split_once(' ')).map(|(_, time)| time.to_owned());
        with_branch
            .into_iter()
            .chain([long])
            .chain(time)
            .find(|label| text_width(label) * 0.88 <= room)
    }

    fn end(&mut self, lane: &Lane, top: f64, height: f64) {
        let Some(task) = lane.task else { return };
        let (x, y) = (self.left + lane.right, top + height / 2.0);
        let title = format!(
            "{}: {}",
            self.locale.task(self.trace, task),
            self.locale.outcome(lane.outcome)
        );
        let title = format!("<title>{}</title>", escape(&title));
        let half = height / 2.0;
        match lane.outcome {
            Outcome::Cancelled => self.push(&format!(
                "<path class=\"wb-end wb-end-cancelled wb-cut\" d=\"M{} {}l8 8m0-8l-8 8M{} {}v{}\">{title}</path>",
                x + 4.0,
                y - 4.0,
                x,
                y - half,
                height,
            )),
            Outcome::Panicked => self.push(&format!(
                "<path class=\"wb-end wb-end-panicked wb-cut\" d=\"M{} {}v7m0 4v.5\">{title}</path>",
                x + 5.0,
                y - 6.0,
            )),
            Outcome::Dropped => self.push(&format!(
                "<circle class=\"wb-end wb-end-dropped\" cx=\"{}\" cy=\"{y}\" r=\"4\">{title}</circle>",
                x + 6.0,
            )),
            // The lane's end says it.
            Outcome::Ready | Outcome::Running => {}
        }
    }

    /// From the edge of one lane to the edge of the other, between the polls.
    fn arrow(&mut self, arrow: Arrow) {
        let (from, to) = (&self.layout.lanes[arrow.from], &self.layout.lanes[arrow.to]);
        let (from_top, to_top) = (self.tops[arrow.from], self.tops[arrow.to]);
        let down = arrow.to > arrow.from;
        let edge = |top: f64, rows: usize, bottom: bool| {
            if bottom { top + ROW * rows as f64 } else { top }
        };
        let y1 = edge(from_top, from.rows, down);
        let y2 = edge(to_top, to.rows, !down) + if down { -1.0 } else { 1.0 };
        let middle = |slot: usize| {
            let slot = self.layout.slots[slot];
            self.left + (slot.left + slot.right) / 2.0
        };
        // An ending wakes at the very end of its poll.
        let x1 = match self.trace.events[arrow.event].what {
            What::Wake { by: By::End(_), .. } => self.left + from.right - 4.0,
            _ => middle(arrow.from_slot),
        };
        // A spawn leads straight to where the new lane begins, a wake to the
        // poll that follows it.
        let x2 = match arrow.to_slot {
            _ if arrow.spawn => x1,
            Some(slot) => middle(slot),
            None => return,
        };
        let bend = (y2 - y1) * 0.5;
        let class = if arrow.spawn { "wb-arrow wb-arrow-spawn" } else { "wb-arrow" };
        let line = self.trace.events[arrow.event].line;
        let text = format!(
            "<path class=\"{class}\" data-event=\"{}\"{} marker-end=\"url(#{{tip}})\" \
             d=\"M{x1} {y1}C{x1} {} {x2} {} {x2} {y2}\"><title>{}</title></path>",
            arrow.event,
            line_data(line),
            y1 + bend,
            y2 - bend,
            escape(&self.tell(arrow.event)),
        );
        self.push(&text);
    }

    fn mark(&mut self, number: usize, mark: Mark) {
        let slot = self.layout.slots[mark.slot];
        let each = (slot.right - slot.left) / slot.prints.max(1) as f64;
        let x = self.left + slot.left + each * (mark.place as f64 + 0.5);
        let row = mark.branch.min(self.layout.lanes[mark.lane].rows - 1);
        let y = self.tops[mark.lane] + ROW * (row as f64 + 0.5);
        let badge = self.badge(number, mark, x, y);
        self.push(&format!("{badge}</g>"));
    }

    fn badge(&self, number: usize, mark: Mark, x: f64, y: f64) -> String {
        let line = line_data(self.trace.events[mark.event].line);
        format!(
            "<g class=\"wb-print\" style=\"{}\" data-event=\"{}\"{line}><title>{}</title>\
             <circle cx=\"{x}\" cy=\"{y}\" r=\"8.5\"/><text class=\"wb-number\" x=\"{x}\" y=\"{}\">{number}</text>",
            color(self.layout.lanes[mark.lane].task),
            mark.event,
            escape(&self.tell(mark.event)),
            y + 3.5,
        )
    }

    /// The printed lines, each with its number, its time and its text; the
    /// height of the whole picture.
    fn list(&mut self) -> f64 {
        let mut y = self.bottom + 8.0;
        let times: Vec<String> = self
            .layout
            .marks
            .iter()
            .map(|mark| self.locale.time(self.trace.events[mark.event].at))
            .collect();
        let column = times.iter().map(|time| text_width(time)).fold(0.0, f64::max);
        let text_from = 26.0 + column + 10.0;
        let half = (self.width - 2.0 * EDGE) / 2.0;
        let longest =
            self.trace.lines().map(|line| line.width() as f64 * FIXED).fold(0.0, f64::max);
        let count = self.layout.marks.len();
        let columns = if count > 5 && text_from + longest < half { 2 } else { 1 };
        let (top, rows) = (y, count.div_ceil(columns));
        for (index, mark) in self.layout.marks.clone().into_iter().enumerate() {
            let What::Print { text, .. } = &self.trace.events[mark.event].what else {
                continue;
            };
            let edge = EDGE + half * (index / rows) as f64;
            y = top + LINE * (index % rows) as f64;
            let x = edge + text_from;
            let fits = ((self.width - x - EDGE) / FIXED) as usize;
            let badge = self.badge(index + 1, mark, edge + 9.0, y + LINE / 2.0);
            let base = y + LINE / 2.0 + 4.0;
            self.push(&format!(
                "{badge}<text class=\"wb-quiet\" x=\"{}\" y=\"{base}\" text-anchor=\"end\">{}</text>\
                 <text class=\"wb-line\" x=\"{x}\" y=\"{base}\" style=\"white-space:pre\">{}</text></g>",
                x - 10.0,
                times[index],
                escape(&shorten(text, fits)),
            ));
        }
        y = top + LINE * rows as f64;
        for note in self.notes() {
            let base = y + LINE / 2.0 + 4.0;
            self.push(&format!(
                "<text class=\"wb-quiet\" x=\"{EDGE}\" y=\"{base}\">{}</text>",
                escape(&note)
            ));
            y += LINE;
        }
        y + EDGE
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.trace.omitted > 0 {
            let more = self.trace.tasks.len() + self.trace.omitted - self.layout.lanes.len();
            notes.push(
                self.locale
                    .say(format!("……另有 {more} 个任务"), format!("… and {more} more tasks")),
            );
        }
        if self.trace.clock == Clock::Real {
            notes.push(self.locale.clock(self.trace).to_owned());
        }
        if self.says_ending {
            notes.extend(self.locale.ending(self.trace));
            notes.extend(self.locale.stuck(self.trace));
        }
        let fits = ((self.width - 2.0 * EDGE) / LETTER) as usize;
        notes.iter().flat_map(|note| wrap(note, fits)).collect()
    }

    fn tell(&self, event: usize) -> String {
        let event = &self.trace.events[event];
        let (at, what) = (self.locale.time(event.at), self.locale.event(self.trace, event));
        let who = event
            .task
            .map_or_else(|| self.locale.outside().into(), |id| self.locale.task(self.trace, id));
        format!("{at} · {who}: {what}")
    }
}

/// A color for each task; what is outside of all tasks has none.
fn color(task: Option<TaskId>) -> String {
    let Some(task) = task else {
        return "--wb-lane:var(--wb-lane-0,#868c96)".into();
    };
    let index = task % COLORS.len();
    format!("--wb-lane:var(--wb-lane-{},{})", index + 1, COLORS[index])
}

fn line_data(line: Option<u32>) -> String {
    line.map_or(String::new(), |line| format!(" data-line=\"{line}\""))
}

/// About as wide as the text will be, rather more than less.
fn text_width(text: &str) -> f64 {
    text.width() as f64 * LETTER
}

fn escape(text: &str) -> String {
    visible(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
