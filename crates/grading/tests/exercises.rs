//! Proves every exercise: its starter fails, its solution passes, its emptied
//! file does not compile, and every wrong answer that is kept with it fails
//! in the way that its first line says. Above that stands the belief which its
//! second line names, and none above anything else.
//!
//! Each of these files becomes a package in a scratch workspace below
//! target/: one call of cargo compiles them all, and only what has changed.
//!
//! With `--ignored`, every solution runs 200 times while all cores are busy,
//! and every learner's file must be the starter. (What a learner does with
//! that file changes nothing else here.)

mod cargo;
mod exercise;

use std::{
    collections::BTreeSet,
    hint,
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

use beliefs::source::Source;
use exercise::{Exercise, Kind, Outcome, Outcomes, Variant};
use grading::Verdict;
use libtest_mimic::{Arguments, Failed, Trial};

static EXERCISES: LazyLock<Vec<Exercise>> = LazyLock::new(exercise::all);
static ARGUMENTS: LazyLock<Arguments> = LazyLock::new(Arguments::from_args);
static OUTCOMES: LazyLock<Outcomes> = LazyLock::new(|| {
    exercise::run(&EXERCISES, is_asked_for, |exercise, variant, outcome| {
        prove(exercise, variant, outcome).is_ok()
    })
});

fn main() {
    let arguments = &*ARGUMENTS;
    let trials = EXERCISES.iter().flat_map(trials).collect();
    libtest_mimic::run(arguments, trials).exit();
}

/// Whether the command line's filter lets one of the exercise's tests through
/// that look at an outcome.
fn is_asked_for(exercise: &Exercise) -> bool {
    let Some(filter) = &ARGUMENTS.filter else { return true };
    let variants = exercise.variants.iter().map(|variant| variant.name.as_str());
    variants
        .chain(["no_test_is_idle", "solution_under_load"])
        .any(|test| format!("{}::{test}", exercise.name).contains(filter))
}

fn trials(exercise: &'static Exercise) -> Vec<Trial> {
    let name = |what: &str| format!("{}::{what}", exercise.name);
    let mut trials = vec![
        Trial::test(name("files"), || result(exercise.check_files())),
        Trial::test(name("texts"), || result(exercise.check_texts())),
        Trial::test(name("beliefs"), || result(exercise.check_beliefs())),
        Trial::test(name("lint"), || result(exercise.check_lint())),
        Trial::test(name("no_test_is_idle"), || result(no_test_is_idle(exercise))),
    ];
    trials.push(
        Trial::test(name("untouched"), || result(exercise.check_untouched()))
            .with_ignored_flag(true),
    );
    trials.push(
        Trial::test(name("solution_under_load"), || result(under_load(exercise)))
            .with_ignored_flag(true),
    );
    trials.extend(exercise.variants.iter().map(|variant| {
        Trial::test(name(&variant.name), || {
            result(prove(exercise, variant, &OUTCOMES[&variant.package]))
        })
    }));
    trials
}

fn result(result: Result<(), String>) -> Result<(), Failed> {
    result.map_err(Failed::from)
}

/// The outcome is the one that the variant must have, and so is what is said
/// of the belief behind it; nothing, of most.
fn prove(exercise: &Exercise, variant: &Variant, outcome: &Outcome) -> Result<(), String> {
    prove_outcome(variant, outcome)?;
    let beliefs = &exercise.beliefs;
    let behind_faults = beliefs.behind_faults(&outcome.faults, &variant.source);
    let behind_tests = beliefs.behind_tests(&outcome.entries, &variant.source);
    let said = behind_faults.into_iter().chain(behind_tests.into_iter().flatten());
    let said: BTreeSet<&str> = said.map(|belief| belief.name.as_str()).collect();
    let expected: BTreeSet<&str> = variant.beliefs.iter().map(String::as_str).collect();
    ensure(said == expected, || {
        format!("beliefs {said:?}, not {expected:?}\n{}", described(variant, outcome))
    })
}

/// What a belief about these faults can go by: code, learner's code, around it.
fn described(variant: &Variant, outcome: &Outcome) -> String {
    let Some(source) = Source::read(&variant.source) else { return "no tokens".to_owned() };
    let places = outcome.faults.iter().flat_map(|fault| {
        fault.places.iter().map(|place| (&fault.code, source.at(*place), source.around(*place)))
    });
    let lines: BTreeSet<String> =
        places.map(|(code, at, around)| format!("{code} at `{at}` in {around:?}")).collect();
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

fn prove_outcome(variant: &Variant, outcome: &Outcome) -> Result<(), String> {
    let compiles = outcome.errors.is_empty();
    let graded = || match compiles {
        true => Ok(&outcome.entries),
        false => Err(outcome.errors.clone()),
    };
    match &variant.kind {
        Kind::Emptied | Kind::Mistaken => ensure(!compiles, || "it compiles".to_owned()),
        Kind::Starter => {
            ensure(outcome.warnings.is_empty(), || outcome.warnings.clone())?;
            let fails = graded()?.iter().any(|entry| entry.verdict != Verdict::Passed);
            ensure(fails, || "it passes".to_owned())
        }
        Kind::Solution => {
            ensure(outcome.warnings.is_empty(), || outcome.warnings.clone())?;
            let entries = graded()?;
            ensure(!entries.is_empty(), || "no test was reported".to_owned())?;
            let failed = entries.iter().find(|entry| entry.verdict != Verdict::Passed);
            ensure(failed.is_none(), || format!("{failed:#?}"))
        }
        Kind::Wrong(expected) if expected.verdict == Verdict::DoesNotCompile => {
            ensure(outcome.errors.contains(&expected.part), || {
                format!("errors: {}", outcome.errors)
            })
        }
        Kind::Wrong(expected) => {
            let entries = graded()?;
            let entry = entries.iter().find(|entry| entry.test == expected.test);
            let entry = entry.ok_or_else(|| format!("no test {}", expected.test))?;
            let message = &entry.message;
            let told = message.en.contains(&expected.part) || message.zh.contains(&expected.part);
            ensure(entry.verdict == expected.verdict && told, || {
                format!("{:?}: {}", entry.verdict, message.en)
            })
        }
    }
}

/// Five busy threads a core, four of them runs of these very tests, and not one
/// failure.
fn under_load(exercise: &Exercise) -> Result<(), String> {
    const RUNS: usize = 200;
    let test = OUTCOMES[&exercise.solution()?.package].test.as_ref();
    let test = test.ok_or("the solution does not compile")?;
    let cores = thread::available_parallelism().map_or(1, |count| count.get());
    let left = AtomicUsize::new(RUNS);
    let is_left = || left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok();
    let runs = |place: usize| {
        let report = cargo::target().join(format!("{}-load-{place}.jsonl", exercise.name));
        let mut failed = None;
        while failed.is_none() && is_left() {
            let mut entries = exercise::entries_of(test, &report).into_iter();
            failed = entries.find(|entry| entry.verdict != Verdict::Passed);
        }
        failed
    };
    let failed = thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while left.load(Relaxed) > 0 {
                    hint::spin_loop();
                }
            });
        }
        let runs: Vec<_> = (0..4 * cores)
            .map(|place| {
                scope.spawn({
                    let runs = &runs;
                    move || runs(place)
                })
            })
            .collect();
        runs.into_iter().find_map(|run| run.join().expect("no run panics"))
    });
    ensure(failed.is_none(), || format!("{failed:#?}"))
}

/// Each test must fail for something, or nobody knows that it can.
fn no_test_is_idle(exercise: &Exercise) -> Result<(), String> {
    let outcome = |variant: &Variant| &OUTCOMES[&variant.package].entries;
    for test in outcome(exercise.solution()?) {
        let fails = exercise
            .variants
            .iter()
            .flat_map(outcome)
            .any(|entry| entry.test == test.test && entry.verdict != Verdict::Passed);
        ensure(fails, || format!("{} fails for no variant", test.test))?;
    }
    Ok(())
}

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}
