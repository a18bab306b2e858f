//! Proves every exercise: its starter fails, its solution passes, its emptied
//! file does not compile, and every wrong answer that is kept with it fails
//! in the way that its first line says.
//!
//! Each of these files becomes a package in a scratch workspace below
//! target/: one call of cargo compiles them all, and only what has changed.

mod cargo;
mod exercise;

use std::sync::LazyLock;

use exercise::{Exercise, Kind, Outcome, Outcomes, Variant};
use grading::Verdict;
use libtest_mimic::{Arguments, Failed, Trial};

static EXERCISES: LazyLock<Vec<Exercise>> = LazyLock::new(exercise::all);
static OUTCOMES: LazyLock<Outcomes> = LazyLock::new(|| exercise::run(&EXERCISES));

fn main() {
    let arguments = Arguments::from_args();
    let trials = EXERCISES.iter().flat_map(trials).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn trials(exercise: &'static Exercise) -> Vec<Trial> {
    let name = |what: &str| format!("{}::{what}", exercise.name);
    let mut trials = vec![
        Trial::test(name("files"), || result(exercise.check_files())),
        Trial::test(name("texts"), || result(exercise.check_texts())),
        Trial::test(name("lint"), || result(exercise.check_lint())),
        Trial::test(name("no_test_is_idle"), || result(no_test_is_idle(exercise))),
    ];
    trials.extend(exercise.variants.iter().map(|variant| {
        Trial::test(name(&variant.name), || result(prove(variant, &OUTCOMES[&variant.package])))
    }));
    trials
}

fn result(result: Result<(), String>) -> Result<(), Failed> {
    result.map_err(Failed::from)
}

fn prove(variant: &Variant, outcome: &Outcome) -> Result<(), String> {
    let compiles = outcome.errors.is_empty();
    let graded = || match compiles {
        true => Ok(&outcome.entries),
        false => Err(outcome.errors.clone()),
    };
    match &variant.kind {
        Kind::Emptied => ensure(!compiles, || "it compiles".to_owned()),
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

/// Each test must fail for something, or nobody knows that it can.
fn no_test_is_idle(exercise: &Exercise) -> Result<(), String> {
    let outcome = |variant: &Variant| &OUTCOMES[&variant.package].entries;
    let solution = exercise.variants.iter().find(|variant| variant.kind == Kind::Solution);
    for test in outcome(solution.ok_or("no solution")?) {
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
