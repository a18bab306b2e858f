//! The recordings of the changes that pages propose, `recordings/NAME/ID.json`: what
//! each changed program did, however it ended, also if it does not compile.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use changes::Change;
use project::Project;
use project::files::unreadable;
use project::locale::t;
use record::{Outcome, Program, RecordError};
use recording::file::Recording;
use recording::model::{Clock, CompilerError, Ending, Trace};

use crate::{program, record_all};

/// So many runs tell in which orders lines can come.
pub const RUNS: usize = 30;

/// What a changed program of the book is to the recorder.
///
/// # Errors
///
/// The change does not fit the program, or that cannot be read.
pub fn changed(project: &Project, change: &Change) -> Result<Program> {
    let unchanged = program(project, &change.program);
    let text =
        std::fs::read_to_string(&unchanged.path).with_context(|| unreadable(&unchanged.path))?;
    // The paused clock has one order, always; a free one is that of real runs.
    let clock = change.orders.then_some(Clock::Real);
    Ok(Program { name: change.name(), text: Some(change.apply(&text)?), clock, ..unchanged })
}

/// Records changed programs, showing how far it is; what came of each in the same order.
/// One whose order is free runs so often.
///
/// # Errors
///
/// The recorder itself cannot be built.
pub fn record_changes(
    project: &Project,
    changes: &[Change],
    runs: usize,
) -> Result<Vec<Result<Recording>>> {
    let programs: Vec<Result<Program>> =
        changes.iter().map(|change| changed(project, change)).collect();
    let times = |change: &Change| if change.orders { runs } else { 1 };
    let runs: Vec<Program> = changes
        .iter()
        .zip(&programs)
        .filter_map(|(change, program)| Some(vec![program.as_ref().ok()?.clone(); times(change)]))
        .flatten()
        .collect();
    let mut outcomes = record_all(project, &runs)?.into_iter();
    let recording = |(change, program): (&Change, Result<Program>)| {
        let program = program?;
        let runs = outcomes.by_ref().take(times(change));
        let runs =
            runs.map(|outcome| made(change, &program, outcome)).collect::<Result<Vec<_>>>()?;
        whole(change, runs)
    };
    Ok(changes.iter().zip(programs).map(recording).collect())
}

/// What one run came to: a recording, also of what does not compile.
fn made(change: &Change, program: &Program, outcome: Outcome) -> Result<Recording> {
    match outcome {
        Ok(recording) => Ok(recording),
        Err(RecordError::DoesNotCompile(said)) => {
            let error = |one: &rustc::Diagnostic| CompilerError {
                code: one.code().to_owned(),
                message: one.message.clone(),
                line: one.places(&program.path).first().and_then(|it| u32::try_from(it.line).ok()),
            };
            let errors = said.iter().filter(|one| one.is_error()).map(error).collect();
            let trace = Trace {
                name: program.name.clone(),
                file: program.file.clone(),
                files: Vec::new(),
                clock: Clock::Paused,
                why_real: None,
                end: 0,
                tasks: Vec::new(),
                omitted: 0,
                waits: Vec::new(),
                events: Vec::new(),
                ending: Ending::DoesNotCompile { errors },
                stuck: Vec::new(),
            };
            Ok(Recording::new(program.text.as_deref().unwrap_or_default(), trace))
        }
        Err(error) => Err(error).with_context(|| format!("{}/{}", change.program, change.id)),
    }
}

/// The recording of all runs: the first one, and the orders of all.
fn whole(change: &Change, runs: Vec<Recording>) -> Result<Recording> {
    let (name, id) = (&change.program, &change.id);
    let orders: BTreeSet<Vec<String>> =
        runs.iter().map(|run| run.trace.lines().map(str::to_owned).collect()).collect();
    let ends_well = runs.iter().all(|run| run.trace.ending.is_good());
    let mut first = runs.into_iter().next().context("at least one run")?;
    let left_nothing = matches!(first.trace.ending, Ending::Killed { .. } | Ending::Lost { .. })
        || (matches!(first.trace.ending, Ending::Exited { .. }) && first.trace.tasks.is_empty());
    if left_nothing || (change.orders && !ends_well) {
        bail!(t(
            format!("{name} 改成 {id} 之后没能录下来：{:?}。", first.trace.ending),
            format!("{name}, changed to {id}, could not be recorded: {:?}.", first.trace.ending),
        ));
    }
    if change.orders {
        first.orders = orders.into_iter().collect();
    }
    Ok(first)
}

/// A change whose order is said to be free, and many runs had the same.
///
/// # Errors
///
/// It is one.
pub fn expect_free(change: &Change, recording: &Recording) -> Result<()> {
    if change.orders && recording.orders.len() < 2 {
        let (name, id) = (&change.program, &change.id);
        bail!(t(
            format!("{name} 的 {id} 说顺序不定，{RUNS} 次运行却都是同一个顺序。"),
            format!("{id} of {name} says that its order is free, and {RUNS} runs had the same."),
        ));
    }
    Ok(())
}

/// What differs between a recorded change and a new recording of it; nothing if they
/// say the same. Where the order is free, the lines must be the same, in whatever order
/// (that others are seen today proves nothing), or as many, if not even the lines are
/// fixed.
pub fn difference(old: &Recording, new: &Recording) -> Option<String> {
    if old.sha256 != new.sha256 {
        return Some("it is of another text\n".to_owned());
    }
    if old.orders.is_empty() != new.orders.is_empty() {
        return Some("its order is free in one of them alone\n".to_owned());
    }
    if old.orders.is_empty() {
        return recording::compare::difference(&old.trace, &new.trace);
    }
    let sorted = |order: &Vec<String>| {
        let mut lines = order.clone();
        lines.sort();
        lines
    };
    let seen: BTreeSet<Vec<String>> = old.orders.iter().map(sorted).collect();
    let is_known = |order: &&Vec<String>| match seen.len() {
        1 => seen.contains(&sorted(order)),
        _ => seen.iter().any(|lines| lines.len() == order.len()),
    };
    let other = new.orders.iter().find(|order| !is_known(order))?;
    Some(format!("other lines than those that were recorded:\n{}\n", other.join("\n")))
}
