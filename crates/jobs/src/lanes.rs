//! What an answer to an exercise does in one of the tests: the answer and the tests
//! are put into one program, which calls that test, and recorded like any other.

use anyhow::{Context, Result, bail};
use exercises::Exercise;
use practice::state::State;
use record::{Program, Stand};
use recording::model::{Clock, Ending, SourceFile, Trace};
use serde::{Deserialize, Serialize};

use crate::{Job, trace};

/// What is wanted, as it stands in the job's file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Wanted {
    /// The test.
    pub test: String,
    /// Whether it is the solution's lanes, and not the answer's.
    #[serde(default)]
    pub solution: bool,
}

/// Records one test of the job's exercise.
///
/// # Errors
///
/// There is no such test, or the solution is not to be shown yet.
pub(crate) fn lanes(job: &Job) -> Result<()> {
    let Wanted { test, solution } =
        serde_json::from_str(job.text.as_deref().context("which test?")?)?;
    let exercise = Exercise::named(&job.project, &job.name)?;
    if solution && !State::load(&job.project).ever_passed(&exercise) {
        bail!(job.language.pick(
            "通过之后，才能看参考答案的时间线。",
            "The solution's lanes are shown once your answer has passed.",
        ));
    }
    let answer = match solution {
        true => exercise.solution()?,
        false => String::from_utf8(exercise.source()?)?,
    };
    let tests = exercise.tests()?;
    let is_there = tests.contains(&format!("fn {test}()"));
    if !is_there || !test.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
        bail!(job.language.pick(
            format!("练习 {} 没有测试 {test}。", job.name),
            format!("Exercise {} has no test {test}.", job.name),
        ));
    }
    let (shown, files) = whole(&job.name, &answer, &tests, &test, solution);
    // A library may have a `main`, which is none.
    let (text, _) =
        whole(&job.name, &answer.replace("fn main(", "fn Main("), &tests, &test, solution);
    let program = Program {
        name: job.name.clone(),
        path: exercise.answer(),
        text: Some(text),
        file: files[0].name.clone(),
        libraries: Stand::Exercises,
        // As the tests' own harness.
        clock: Some(Clock::Paused),
    };
    let finish = |trace: &mut Trace| {
        trace.files = files;
        // The words of an expectation are for the harness; the panic is drawn.
        if matches!(&trace.ending, Ending::Panicked { message } if message == NO_WORDS) {
            trace.ending = Ending::Returned;
        }
    };
    trace::draw(job, &program, finish, Some(&shown))
}

/// The message of a panic that carries something else than text.
const NO_WORDS: &str = "Box<dyn Any>";

/// The harness, in so far as a recorded test needs it: a runtime, and the time at
/// which it begins.
const HARNESS: &str = "mod grading { pub use ::grading::*; \
    pub fn run(_: &str, body: impl Future<Output = ()>) { \
    ::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap() \
    .block_on(async { ::grading::start(); body.await }) } } ";

/// One program of an answer and its tests, and which lines are whose. The answer is its
/// root, as it is that of its own crate, and each of its lines keeps its number.
fn whole(
    name: &str,
    answer: &str,
    tests: &str,
    test: &str,
    solution: bool,
) -> (String, Vec<SourceFile>) {
    let end = if answer.ends_with('\n') { "" } else { "\n" };
    let before = answer.lines().count();
    // What only stands at a crate's beginning, and what is compiled for tests alone.
    let tests = tests.replace("//!", "// ").replace("#[test]", "");
    let text = format!(
        "{answer}{end}mod wb_tests {{ extern crate self as {name}; {HARNESS}{tests}\n\
         pub fn wb_main() {{ {test}() }} }}\nfn main() {{ wb_tests::wb_main() }}\n"
    );
    let own = if solution { "solution.rs" } else { "src/lib.rs" };
    let file = |file: &str, before| SourceFile { name: format!("exercises/{name}/{file}"), before };
    let before = u32::try_from(before).unwrap_or(u32::MAX);
    (text, vec![file(own, 0), file(&format!("tests/{name}.rs"), before)])
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn lines_keep_their_numbers() {
        let answer = "//! Mine.\n\npub fn f() {}";
        let tests = "//! Grades it.\n\n#[test]\nfn g() {}\n";
        let (text, files) = whole("it", answer, tests, "g", false);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[2], "pub fn f() {}");
        let before = files[1].before as usize;
        assert!(lines[before].ends_with("//  Grades it."), "{text}");
        assert_eq!(lines[before + 3], "fn g() {}");
    }

    #[test]
    fn an_answer_is_the_root_as_in_its_own_crate() {
        let answer = "\u{feff}#![allow(unused)]\nmod beside;\nuse crate::beside::f;";
        let (text, _) = whole("it", answer, "", "g", false);
        assert!(text.starts_with(answer), "{text}");
    }
}
