//! The command line of a binary that holds programs.
//!
//! ```text
//! timeline record [NAME…]     every trace, or those, as JSON on standard output
//! timeline list [NAME…]       the names and the clock of each
//! timeline text [NAME…]       every trace, or those, as lanes of text
//! timeline svg [NAME…]        as pictures, one after another
//! timeline data [NAME…]       as the widgets' data, a line each
//! ```
//!
//! `LANG` chooses the language, `COLUMNS` the width of the text, `WIDTH` that of
//! the pictures in pixels.
//!
//! A program may panic, exit or hang; it runs in a child process and takes no
//! other trace with it. Programs on the paused clock share their child one
//! after another, a child a core; those on the real clock have one each, all at
//! once, so that they take as long as the longest.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    process::{Child, Command, ExitCode, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::{
    model::{Clock, Event, Trace, Traces, What},
    recorder, spans, svg, text, widget,
    words::Locale,
};

/// A program that is compiled in.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// Its file's name without the ending.
    pub name: &'static str,
    /// Its path from the root of the book.
    pub file: &'static str,
    /// Its text.
    pub source: &'static str,
    /// Why it cannot run on the paused clock; `None` if it can.
    pub why_real: Option<&'static str>,
    /// Its `main`.
    pub run: fn() -> ExitCode,
}

/// How long a program may take before it is given up, in real time.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Names the programs that this process is to perform. A program may start its
/// own executable again; what it starts inherits this, and has arguments.
const PERFORM: &str = "WB_PERFORM";

/// Begins a line that carries a trace, so that nothing a program writes past
/// its `println!` can be taken for one.
const MARK: &str = "\u{1}trace ";

/// The binary's `main`.
pub fn main(programs: &[Program]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Ok(names) = std::env::var(PERFORM) {
        return perform_or_join_in(programs, &names, arguments.is_empty());
    }
    let names: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    let chosen = if names.is_empty() { Ok(programs.to_vec()) } else { choose(programs, &names) };
    match (arguments.first().map(String::as_str), chosen) {
        (_, Err(unknown)) => {
            eprintln!("error: there is no program `{unknown}`");
            ExitCode::from(2)
        }
        (None | Some("record"), Ok(chosen)) => print_json(&record(&chosen, TIME_LIMIT)),
        (Some("text"), Ok(chosen)) => {
            for trace in record(&chosen, TIME_LIMIT) {
                println!("{}", text::lanes(&trace, locale(), columns()));
            }
            ExitCode::SUCCESS
        }
        (Some("svg"), Ok(chosen)) => {
            for trace in record(&chosen, TIME_LIMIT) {
                println!("{}", svg::draw(&trace, locale(), width()));
            }
            ExitCode::SUCCESS
        }
        (Some("data"), Ok(chosen)) => {
            for trace in record(&chosen, TIME_LIMIT) {
                match serde_json::to_string(&widget::data(&trace, locale())) {
                    Ok(json) => println!("{json}"),
                    Err(error) => eprintln!("error: {}: {error}", trace.name),
                }
            }
            ExitCode::SUCCESS
        }
        (Some("list"), Ok(chosen)) => {
            for program in chosen {
                let clock =
                    program.why_real.map_or("paused".to_owned(), |why| format!("real: {why}"));
                println!("{}\t{clock}", program.name);
            }
            ExitCode::SUCCESS
        }
        (Some(_), Ok(_)) => {
            eprintln!("usage: timeline [record | list | text | svg | data] [NAME…]");
            ExitCode::from(2)
        }
    }
}

/// The language of the environment, as far as the book has it.
fn locale() -> Locale {
    let language = std::env::var("LANG").unwrap_or_default();
    if language.starts_with("zh") { Locale::Zh } else { Locale::En }
}

fn width() -> u32 {
    std::env::var("WIDTH").ok().and_then(|width| width.parse().ok()).unwrap_or(720)
}

fn columns() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(80)
}

fn choose(programs: &[Program], names: &[&str]) -> Result<Vec<Program>, String> {
    names
        .iter()
        .map(|name| {
            let found = programs.iter().find(|program| program.name == *name);
            found.copied().ok_or_else(|| (*name).to_owned())
        })
        .collect()
}

fn print_json(traces: &[Trace]) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let traces = Traces::new(traces.to_vec());
    match serde_json::to_writer(&mut out, &traces)
        .map_err(std::io::Error::from)
        .and_then(|()| writeln!(out))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot write the traces: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Records the programs, by running this very binary again (its command line
/// has to be [`main`]'s), and returns their traces in the same order. A program
/// that fails has a trace too, with the reason in [`Trace::failure`].
pub fn record(programs: &[Program], limit: Duration) -> Vec<Trace> {
    let (real, paused): (Vec<Program>, Vec<Program>) =
        programs.iter().partition(|program| program.why_real.is_some());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let share = paused.len().div_ceil(cores).max(1);

    let mut traces: Vec<Trace> = thread::scope(|scope| {
        let groups = real.chunks(1).chain(paused.chunks(share));
        let workers: Vec<_> =
            groups.map(|group| scope.spawn(move || record_group(group, limit))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    traces.sort_by_key(|trace| programs.iter().position(|program| program.name == trace.name));
    traces
}

/// Records programs one after another; a new child follows one that ends early.
fn record_group(group: &[Program], limit: Duration) -> Vec<Trace> {
    let mut left: VecDeque<&Program> = group.iter().collect();
    let mut traces = Vec::new();
    while !left.is_empty() {
        let why = match start_child(left.make_contiguous()) {
            Ok(mut child) => {
                let why = collect(&mut child, &mut left, &mut traces, limit);
                let _ = child.kill();
                let status = child.wait();
                why.or_else(|| Some(format!("it ended the whole process ({})", status.ok()?)))
            }
            Err(error) => Some(format!("it could not be started: {error}")),
        };
        if let Some(program) = left.pop_front() {
            traces
                .push(failed(program, why.unwrap_or_else(|| "it ended the whole process".into())));
        }
    }
    traces
}

fn start_child(programs: &[&Program]) -> std::io::Result<Child> {
    let names: Vec<&str> = programs.iter().map(|program| program.name).collect();
    Command::new(std::env::current_exe()?)
        .env(PERFORM, names.join(" "))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

/// Reads traces until the child ends or a program takes too long; the reason in
/// that case.
fn collect(
    child: &mut Child,
    left: &mut VecDeque<&Program>,
    traces: &mut Vec<Trace>,
    limit: Duration,
) -> Option<String> {
    let lines = BufReader::new(child.stdout.take()?).lines();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    // What a program writes past `println!` has no task, but it is output.
    let mut stray = Vec::new();
    while !left.is_empty() {
        match receiver.recv_timeout(limit) {
            Ok(line) => match line.strip_prefix(MARK) {
                Some(json) => {
                    left.pop_front();
                    match serde_json::from_str::<Trace>(json) {
                        Ok(mut trace) => {
                            append(&mut trace, &mut stray);
                            traces.push(trace);
                        }
                        Err(error) => return Some(format!("its trace cannot be read: {error}")),
                    }
                }
                None => stray.push(line),
            },
            Err(mpsc::RecvTimeoutError::Timeout) => {
                return Some(format!("it did not end within {} s", limit.as_secs()));
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => return None,
        }
    }
    None
}

fn append(trace: &mut Trace, stray: &mut Vec<String>) {
    for text in stray.drain(..) {
        let what = What::Print { text, branch: 0 };
        trace.events.push(Event { at: trace.end, task: None, line: None, what });
    }
}

fn failed(program: &Program, why: String) -> Trace {
    Trace {
        name: program.name.to_owned(),
        file: program.file.to_owned(),
        clock: if program.why_real.is_some() { Clock::Real } else { Clock::Paused },
        why_real: program.why_real.map(str::to_owned),
        end: 0,
        tasks: Vec::new(),
        omitted: 0,
        waits: Vec::new(),
        events: Vec::new(),
        failure: Some(why),
    }
}

/// True in a child of [`record`], which has to call [`main`].
pub fn is_child() -> bool {
    std::env::var_os(PERFORM).is_some()
}

/// The child's part, or that of a process which the one program in it started.
fn perform_or_join_in(programs: &[Program], names: &str, performs: bool) -> ExitCode {
    let names: Vec<&str> = names.split(' ').collect();
    match choose(programs, &names).as_deref() {
        Ok(chosen) if performs => perform(chosen),
        Ok([program]) => (program.run)(),
        _ => ExitCode::from(2),
    }
}

/// Runs the programs in this process and writes each trace as
/// soon as there is one.
fn perform(programs: &[Program]) -> ExitCode {
    spans::listen();
    // The first call stack loads the debug information, which takes a while
    // that is not to be any program's.
    let _ = std::backtrace::Backtrace::force_capture().to_string();
    for program in programs {
        recorder::start(program.name, program.file, program.source, program.why_real);
        let failure = match catch_unwind(AssertUnwindSafe(program.run)) {
            Ok(code) if code == ExitCode::SUCCESS => None,
            Ok(_) => Some("main returned an error".to_owned()),
            Err(panic) => Some(format!("main panicked: {}", panic_message(&*panic))),
        };
        let Some(trace) = recorder::finish(failure) else {
            continue;
        };
        let Ok(json) = serde_json::to_string(&trace) else {
            continue;
        };
        let mut out = std::io::stdout().lock();
        // A program may have left its last line open.
        if writeln!(out, "{MARK}{json}").and_then(|()| out.flush()).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
