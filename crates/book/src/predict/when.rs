//! The question about time.

use std::collections::BTreeSet;

use recording::layout;
use recording::model::{Micros, On, WaitEnd};
use serde::Serialize;

use super::teller::Teller;

/// The times on the real clock are rounded down to this when the reader is
/// asked: they are never early.
const ROUND: Micros = 100_000;

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

/// When is the last line printed? Asked where time passes, and where there
/// is no order to ask for.
pub fn when(teller: &Teller<'_>, prints: &[usize], must_ask: bool) -> Option<When> {
    let round = |at: Micros| match layout::order_is_free(teller.trace) {
        true => at / ROUND * ROUND,
        false => at,
    };
    let last = prints.len().checked_sub(1);
    let right = round(last.map_or(teller.trace.end, |last| teller.trace.events[prints[last]].at));
    if round(teller.trace.end) == 0 && !must_ask {
        return None;
    }
    let waits = &teller.trace.waits;
    // What a computation takes is the machine's affair: nobody can tell.
    let computes = layout::order_is_free(teller.trace)
        && teller.trace.end < 1_000_000
        && waits.iter().all(|wait| matches!(wait.on, On::Task { .. } | On::NextTask { .. }));
    if computes && !must_ask {
        return None;
    }
    let in_turn: Micros = waits
        .iter()
        .map(|wait| match wait.on {
            // Nobody waits for a limit that is not needed; those of a library
            // (on the real clock) are sleeps like others.
            On::Sleep { .. } | On::Timeout { .. }
                if wait.end != WaitEnd::Ready && layout::order_is_free(teller.trace) =>
            {
                0
            }
            On::Sleep { duration } | On::Timeout { duration } => duration,
            _ => 0,
        })
        .sum();
    let mut times: BTreeSet<Micros> = teller.trace.events.iter().map(|event| event.at).collect();
    times.extend(waits.iter().filter_map(|wait| wait.deadline));
    times.insert(in_turn);
    let mut times: BTreeSet<Micros> = times.into_iter().map(round).collect();
    // Of many, those at which a line is printed: what a reader has in mind.
    if times.len() > 5 {
        let printed = teller.prints().map(|print| round(teller.trace.events[print].at));
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
        0 => teller.say("程序什么时候结束？".into(), "When does the program end?".into()),
        1 => teller.say("这一行什么时候打印？".into(), "When is this line printed?".into()),
        _ if teller.prints().count() > prints.len() => teller.say(
            "上面最后的那一行什么时候打印？".into(),
            "When is the last of these printed?".into(),
        ),
        _ => teller.say("最后一行什么时候打印？".into(), "When is the last line printed?".into()),
    };
    Some(When {
        ask,
        choices: times.iter().map(|&at| teller.time(at)).collect(),
        right: times.iter().position(|&at| at == right)?,
        line: last,
    })
}
