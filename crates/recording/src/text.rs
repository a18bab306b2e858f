//! The lanes as text, for a terminal; and the account, event by event.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::{
    layout::{Layout, Sizes},
    model::{Outcome, Trace, What},
    words::Locale,
};

/// Every event on a line of its own, in English, for snapshots and for reading
/// closely: when, to whom, what, and in which line of the source.
pub fn account(trace: &Trace) -> String {
    let locale = Locale::En;
    let name = |task: Option<usize>| {
        task.map_or_else(|| locale.outside().into(), |id| locale.task(trace, id))
    };
    let width = trace.events.iter().map(|event| name(event.task).width()).max().unwrap_or_default();
    let mut text = format!("{} · {}\n\n", trace.file, locale.clock(trace));
    for event in &trace.events {
        let line = event.line.map_or(String::new(), |line| format!("  ({line})"));
        let (at, who) = (locale.time(event.at), pad(&name(event.task), width));
        text.push_str(&format!("{at:>8}  {who}  {}{line}\n", locale.event(trace, event)));
    }
    text.push('\n');
    for (id, task) in trace.tasks.iter().enumerate() {
        text.push_str(&format!("{}: {}\n", locale.task(trace, id), locale.outcome(task.outcome)));
    }
    if trace.omitted > 0 {
        text.push_str(&format!("and {} tasks more\n", trace.omitted));
    }
    for sentence in locale.ending(trace).into_iter().chain(locale.stuck(trace)) {
        text.push_str(&format!("{sentence}\n"));
    }
    text
}

/// So many times the columns are drawn at most.
const SCREENS: usize = 3;

/// The lanes and the printed lines, at most so many columns wide as long as
/// they fit; a column is the width of a Latin letter, a Chinese one takes two.
/// What takes more than some screens is cut off.
pub fn lanes(trace: &Trace, locale: Locale, columns: usize) -> String {
    let names: Vec<(String, Vec<String>)> = lane_names(trace, locale);
    let gutter = names
        .iter()
        .flat_map(|(name, rows)| std::iter::once(name).chain(rows))
        .map(|name| name.width())
        .max()
        .unwrap_or_default()
        .min(columns / 3)
        + 2;
    let width = columns.saturating_sub(gutter).max(20);
    let layout = Layout::of(trace, Sizes { width: width as f64, slot: 1.0, mark: 2.0, gap: 3.0 });

    let mut text = format!("{} · {}\n\n", trace.file, locale.clock(trace));
    text.push_str(&" ".repeat(gutter));
    // Whoever reads on has a page for it, `--html`.
    let most = SCREENS * columns;
    text.push_str(shorten(axis(&layout, locale).trim_end(), most).trim_end());
    text.push('\n');
    for (index, (name, rows)) in names.iter().enumerate().take(layout.lanes.len()) {
        for row in 0..layout.lanes[index].rows {
            let label =
                if row == 0 && rows.is_empty() { name } else { rows.get(row).unwrap_or(name) };
            if row == 0 && !rows.is_empty() {
                text.push_str(&format!("{name}\n"));
            }
            text.push_str(&pad(&shorten(label, gutter - 1), gutter));
            text.push_str(&shorten(&draw_row(trace, &layout, index, row, locale), most));
            text.push('\n');
        }
    }
    if trace.omitted > 0 {
        let more = trace.tasks.len() + trace.omitted - layout.lanes.len();
        text.push_str(
            &locale.say(format!("……另有 {more} 个任务\n"), format!("… and {more} more tasks\n")),
        );
    }
    let printed = printed(trace, locale);
    if !printed.is_empty() {
        text.push('\n');
        text.push_str(&printed);
    }
    let ending: Vec<String> = locale.ending(trace).into_iter().chain(locale.stuck(trace)).collect();
    if !ending.is_empty() {
        text.push('\n');
    }
    for line in ending.iter().flat_map(|sentence| wrap(sentence, columns.max(40))) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// The lanes' names, and for a lane of several branches those of its rows.
pub(crate) fn lane_names(trace: &Trace, locale: Locale) -> Vec<(String, Vec<String>)> {
    let mut names = Vec::new();
    if trace.tasks.is_empty() || trace.events.iter().any(|event| event.task.is_none()) {
        names.push((locale.outside().to_owned(), Vec::new()));
    }
    for id in 0..trace.tasks.len() {
        let branches = trace.branches(id);
        let mut rows = Vec::new();
        for branch in 0..branches {
            let mut waits =
                trace.waits.iter().filter(|wait| wait.task == id && wait.branch == branch);
            let function = waits.find_map(|wait| wait.branch_function(&trace.tasks[id]));
            rows.push(format!("  {}", function.unwrap_or_default()));
        }
        names.push((locale.task(trace, id), if branches > 1 { rows } else { Vec::new() }));
    }
    names
}

fn axis(layout: &Layout, locale: Locale) -> String {
    let mut line = String::new();
    for instant in &layout.instants {
        let left = instant.left as usize;
        if left >= line.width() + usize::from(!line.is_empty()) {
            line.push_str(&" ".repeat(left - line.width()));
            line.push_str(&locale.time(instant.at));
        }
    }
    line.push('\n');
    line
}

fn draw_row(trace: &Trace, layout: &Layout, index: usize, row: usize, locale: Locale) -> String {
    let lane = &layout.lanes[index];
    let mut cells = vec![Cell::Empty; layout.width as usize + 1];
    for (begin, event) in trace.events.iter().enumerate() {
        let What::Wait { wait } = event.what else {
            continue;
        };
        let facts = &trace.waits[wait];
        if Some(facts.task) != lane.task || facts.branch != row {
            continue;
        }
        let from = layout.wait_from(begin, facts.task);
        let end = trace.events.iter().position(|event| event.what == What::Waited { wait });
        let to = end.map_or(layout.width, |end| layout.wait_to(end));
        let due = layout.due(facts, from, to);
        let room = layout.clear_stretch(index, from, due);
        let columns =
            |(left, right): (f64, f64)| left as usize..(right as usize).max(left as usize);
        cells[columns((from, due))].fill(Cell::Letter('─'));
        label(&mut cells[columns(room)], &locale.label(trace, wait));
        if let Some(late) = facts.late() {
            cells[columns((due, to))].fill(Cell::Letter('░'));
            let room = layout.clear_stretch(index, due, to);
            label(&mut cells[columns(room)], &locale.late(late));
        }
    }
    for &(first, last, _) in &lane.polls {
        let (left, right) = (layout.slots[first].left as usize, layout.slots[last].right as usize);
        cells[left..right].fill(Cell::Letter('█'));
    }
    for (number, mark) in layout.marks.iter().enumerate() {
        if mark.lane == index && mark.branch == row {
            let at = layout.slots[mark.slot].left as usize + 2 * mark.place;
            for (offset, digit) in (number + 1).to_string().chars().enumerate().take(2) {
                cells[at + offset] = Cell::Letter(digit);
            }
        }
    }
    let end = match lane.outcome {
        Outcome::Cancelled => Some('✕'),
        Outcome::Panicked => Some('!'),
        Outcome::Dropped => Some('○'),
        Outcome::Ready | Outcome::Running => None,
    };
    if let Some(end) = end {
        let at = lane.right as usize;
        cells[at] = Cell::Letter(end);
    }
    let text: String = cells.iter().filter_map(Cell::letter).collect();
    text.trim_end().to_owned()
}

/// A column of the drawing.
#[derive(Clone, Copy, PartialEq)]
enum Cell {
    Empty,
    Letter(char),
    /// The second column of a wide letter.
    Covered,
}

impl Cell {
    fn letter(&self) -> Option<char> {
        match self {
            Self::Empty => Some(' '),
            Self::Letter(letter) => Some(*letter),
            Self::Covered => None,
        }
    }
}

/// Writes the label into the middle, if there is room for it.
fn label(cells: &mut [Cell], label: &str) {
    let label = format!(" {label} ");
    if label.width() + 2 > cells.len() {
        return;
    }
    let mut at = (cells.len() - label.width()) / 2;
    for letter in label.chars() {
        cells[at] = Cell::Letter(letter);
        let wide = letter.width().unwrap_or(1);
        cells[at + 1..at + wide].fill(Cell::Covered);
        at += wide;
    }
}

fn printed(trace: &Trace, locale: Locale) -> String {
    let mut text = String::new();
    let lines = trace.events.iter().filter_map(|event| match &event.what {
        What::Print { text, .. } => Some((event, text)),
        _ => None,
    });
    for (number, (event, line)) in lines.enumerate() {
        let (at, line) = (locale.time(event.at), visible(line));
        text.push_str(&format!(
            "{:>3}  {}{at}  {line}\n",
            number + 1,
            " ".repeat(8_usize.saturating_sub(at.width()))
        ));
    }
    text
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// The text, cut to the width and marked with an ellipsis if it is longer.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if short.width() + letter.width().unwrap_or(0) + 1 > width {
            break;
        }
        short.push(letter);
    }
    short.push('…');
    short
}

/// Breaks a sentence into lines at most so many columns wide: after a space, or
/// between two Chinese letters.
pub(crate) fn wrap(sentence: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    // What may not be parted.
    let mut word = String::new();
    let mut letters = sentence.chars().peekable();
    while let Some(letter) = letters.next() {
        word.push(letter);
        let next = letters.peek().copied();
        let closes = |letter: char| "，。、；：）”？！".contains(letter);
        let opens = |letter: char| "（“".contains(letter);
        let is_wide = |letter: char| letter.width() == Some(2);
        let may_break = letter == ' '
            || next.is_none_or(|next| {
                (is_wide(letter) || is_wide(next)) && !closes(next) && !opens(letter) && next != ' '
            });
        if !may_break {
            continue;
        }
        let last = lines.last_mut().expect("there is one from the start");
        if !last.is_empty() && last.width() + word.trim_end().width() > columns {
            *last = last.trim_end().to_owned();
            lines.push(String::new());
        }
        lines.last_mut().expect("as above").push_str(&word);
        word.clear();
    }
    lines
}

/// A text whose control characters are to be seen, and do nothing to a terminal:
/// of each the sign that Unicode has for it.
pub(crate) fn visible(text: &str) -> String {
    let sign = |letter: char| match letter {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + letter as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        letter => letter,
    };
    text.chars().map(sign).collect()
}
