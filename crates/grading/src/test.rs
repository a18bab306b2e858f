//! A test, in the process that plays the part at hand.

use std::{
    env,
    fmt::Write as _,
    future::Future,
    io::{self, Read},
    panic::{self, Location},
    process,
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::{
    Language, Limits, Text, Verdict, explain, guard,
    printed::Printed,
    process::{self as own_process, Guarded},
    report::{self, Entry},
    student,
    subject::{self, Subject},
    wire::{self, Ending, ROLE},
};

/// A test that is more than a name and a body.
#[derive(Debug)]
#[must_use = "a test does nothing until it is run"]
pub struct Test {
    subject: Subject,
    points: u32,
}

/// Grades `body` as the test `name`, which must be the name of the `#[test]`
/// function that calls this.
///
/// # Panics
/// If the test fails, after printing why; that is what fails the `#[test]`.
#[track_caller]
pub fn run(name: &'static str, body: impl Future<Output = ()>) {
    test(name).run(body);
}

/// A test worth one point, under the usual limits.
#[track_caller]
pub fn test(name: &'static str) -> Test {
    let subject = Subject { name, limits: Limits::default(), place: Location::caller() };
    Test { subject, points: 1 }
}

impl Test {
    /// How much the test is worth.
    pub fn points(mut self, points: u32) -> Self {
        self.points = points;
        self
    }

    /// Other limits than the usual ones.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.subject.limits = limits;
        self
    }

    /// Grades `body`; see [`run`].
    ///
    /// # Panics
    /// If the test fails.
    pub fn run(mut self, body: impl Future<Output = ()>) {
        self.subject.limits = self.subject.limits.overridden();
        match env::var(ROLE).as_deref() {
            Ok(subject::STUDENT) => student::run(&self.subject, body),
            Ok(subject::GUARD) => self.guard(),
            _ => {
                drop(body);
                self.report();
            }
        }
    }

    fn guard(&self) -> ! {
        own_process::shut_door();
        let answer = guard::supervise(&self.subject).and_then(|ending| wire::line(&ending));
        match answer {
            Ok(line) => print!("\n{line}"),
            Err(error) => eprintln!("grading: the guard: {error}"),
        }
        // A failure, so that nobody passes by setting the role by hand.
        process::exit(wire::NOT_A_VERDICT)
    }

    fn report(&self) {
        let ending = if cfg!(unix) { self.under_guard() } else { guard::supervise(&self.subject) };
        let ending = ending.unwrap_or_else(|error| Ending {
            verdict: Verdict::EarlyExit,
            message: explain::no_guard(&error),
            virtual_ms: None,
            real_ms: 0,
            output: String::new(),
            cut: None,
        });
        let passed = ending.verdict == Verdict::Passed;
        let entry = Entry {
            version: report::VERSION,
            exercise: subject::exercise(),
            test: self.subject.name.to_owned(),
            verdict: ending.verdict,
            message: ending.message,
            points: if passed { self.points } else { 0 },
            out_of: self.points,
            virtual_ms: ending.virtual_ms,
            real_ms: ending.real_ms,
            output: ending.output,
            cut: ending.cut,
            missing: Limits::missing(),
        };
        if let Err(error) = entry.append() {
            println!("grading: {}: {error}", report::REPORT);
        }
        if !passed {
            println!("{}", page(&entry, Language::of_reader()));
            // Not `panic!`: its message would name this line.
            panic::resume_unwind(Box::new(self.subject.name));
        }
    }

    fn under_guard(&self) -> io::Result<Ending> {
        let mut command = self.subject.invocation(subject::GUARD)?;
        own_process::own_group(&mut command);
        let (guard, mut stdout) = Guarded::spawn(command)?;

        let (sender, answer) = mpsc::channel();
        thread::spawn(move || {
            let mut said = String::new();
            let _ = stdout.read_to_string(&mut said);
            let _ = sender.send(said);
        });
        // The guard keeps the time. This is for a guard that was stopped.
        let patience = self.subject.limits.wall * 2 + guard::START + Duration::from_secs(10);
        let said = answer.recv_timeout(patience).unwrap_or_default();
        let answer = wire::find(&said);
        guard.end(answer.is_some());
        answer.ok_or_else(|| {
            io::Error::other(match said.contains("running 0 tests") {
                true => "no #[test] function has the name given to grading::run",
                false => "its guard was killed",
            })
        })
    }
}

/// What a learner reads when a test fails.
fn page(entry: &Entry, language: Language) -> String {
    let word = |en, zh| -> String { Text::from((en, zh)).get(language).to_owned() };
    let name = entry.verdict.name();
    let mut page = format!("✗ {} · {}\n", entry.test, name.get(language));
    let mut indent = |text: &str| {
        for line in text.lines() {
            let _ = writeln!(page, "  {line}");
        }
    };
    indent(entry.message.get(language));
    if !entry.output.trim().is_empty() {
        indent(&word("It printed:", "它打印了："));
        for line in entry.printed() {
            match line {
                Printed::Line(line) => indent(&format!("│ {line}")),
                Printed::LeftOut(text) => indent(&format!("│ {}", text.get(language))),
            }
        }
        if let Some(all) = entry.all_printed() {
            indent(all.get(language));
        }
    }
    if !entry.missing.is_empty() {
        let limits = entry.missing.join(", ");
        indent(&word("No limit here on: ", "此平台无法限制："));
        indent(&limits);
    }
    page
}
