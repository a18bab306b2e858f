//! What each student gets for each answer, and why.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use beliefs::Belief;
use grading::report::Entry;
use grading::{Text, Verdict};
use project::Project;
use project::locale::t;
use verdicts::{Checked, Compiled};

use crate::enrolled::Enrolled;
use crate::pages;
use crate::report::{self, Answer, Question, Report, Status, Student, Task};
use crate::shop::{Graded, Results};
use crate::submissions::{Submission, Submissions};
use crate::workspace::{self, Exercise};
use confined::Confinement;

/// What each solution got: the tests, in their order, and their points.
pub fn references(
    exercises: &[Exercise],
    results: &Results,
) -> Result<BTreeMap<String, Vec<Entry>>> {
    let mut references = BTreeMap::new();
    for exercise in exercises {
        let name = &exercise.name;
        let graded = &results[&exercise.package(&exercise.solution).key];
        let failed = graded.entries.iter().find(|entry| entry.verdict != Verdict::Passed);
        let why = match (&graded.errors, failed) {
            (Some(errors), _) => Some(errors.clone()),
            (_, Some(entry)) => {
                Some(format!("{}: {}", entry.test, t(&entry.message.zh, &entry.message.en)))
            }
            _ if graded.entries.is_empty() => Some(t("没有测试", "there is no test").to_owned()),
            _ => None,
        };
        if let Some(why) = why {
            bail!(t(
                format!("{name} 的参考答案在这台机器上没有通过，所以不能评分：{why}"),
                format!(
                    "The solution of {name} does not pass on this machine, so nothing can be graded: {why}"
                ),
            ));
        }
        let mut entries = graded.entries.clone();
        entries.sort_by_key(|entry| (exercise.place_of(&entry.test), entry.test.clone()));
        references.insert(name.clone(), entries);
    }
    Ok(references)
}

pub fn report(
    project: &Project,
    exercises: &[Exercise],
    references: &BTreeMap<String, Vec<Entry>>,
    results: &Results,
    enrolled: Vec<Enrolled>,
    submissions: Submissions,
    confinement: Confinement,
) -> Result<Report> {
    let worth = |tests: &[Entry]| tests.iter().map(|test| test.out_of).sum::<u32>();
    let tasks: Vec<Task> = references
        .iter()
        .map(|(exercise, tests)| Task {
            exercise: exercise.clone(),
            out_of: worth(tests),
            tests: tests
                .iter()
                .map(|test| Question { test: test.test.clone(), out_of: test.out_of })
                .collect(),
        })
        .collect();
    let mut pages = BTreeSet::new();
    let students = enrolled
        .into_iter()
        .map(|student| {
            let submission = student.submission.map(|index| &submissions.all[index]);
            let answers: Vec<Answer> = exercises
                .iter()
                .map(|exercise| answer(exercise, &references[&exercise.name], results, submission))
                .collect();
            let mut notes = submission.map(|one| one.notes.clone()).unwrap_or_default();
            notes.extend(submission.and_then(|one| one.unreadable.clone()));
            if submission.is_some_and(|one| one.answers.is_empty() && one.unreadable.is_none()) {
                notes.insert(0, nothing_found());
            }
            Student {
                page: pages::file(&student.id, &student.name, &mut pages),
                id: student.id,
                name: student.name,
                submission: submission.map(|one| one.name.clone()),
                in_roster: student.in_roster,
                lang: student.language.pick("zh", "en"),
                points: answers.iter().map(|answer| answer.points).sum(),
                notes,
                answers,
            }
        })
        .collect();
    let toolchain = workspace::toolchain(project)?;
    Ok(Report {
        version: report::VERSION,
        toolchain: toolchain.lines().next().unwrap_or_default().to_owned(),
        confinement,
        out_of: tasks.iter().map(|task| task.out_of).sum(),
        exercises: tasks,
        students,
        ignored: submissions.ignored,
    })
}

fn nothing_found() -> Text {
    (
        "No exercise's file was found: hand in exercises/NAME/src/lib.rs or NAME.rs.",
        "没有找到任何练习的文件：请交 exercises/NAME/src/lib.rs 或 NAME.rs。",
    )
        .into()
}

fn answer(
    exercise: &Exercise,
    reference: &[Entry],
    results: &Results,
    submission: Option<&Submission>,
) -> Answer {
    let found = submission.and_then(|submission| submission.answers.get(&exercise.name));
    let mut answer = Answer {
        exercise: exercise.name.clone(),
        status: Status::Missing,
        points: 0,
        out_of: reference.iter().map(|test| test.out_of).sum(),
        file: found.map(|found| found.file.clone()),
        message: Text::default(),
        belief: None,
        tests: Vec::new(),
    };
    let Some(found) = found else { return answer };
    let source = match &found.source {
        Ok(source) => source,
        Err(why) => {
            answer.status = Status::Refused;
            answer.message = why.clone();
            return answer;
        }
    };
    let graded = &results[&exercise.package(source).key];
    let all_passed = graded.entries.iter().all(|entry| entry.verdict == Verdict::Passed);
    if graded.errors.is_some() || !all_passed {
        let belief = exercise.beliefs.behind_faults(&graded.faults, source);
        answer.belief = belief.map(Belief::text);
    }
    if let Some(errors) = &graded.errors {
        answer.status = Status::DoesNotCompile;
        answer.message = in_both(errors);
        return answer;
    }
    let checked = Checked {
        package: exercise.name.clone(),
        compiled: Compiled::Yes,
        warnings: String::new(),
        faults: Vec::new(),
        told: Vec::new(),
        entries: graded.entries.clone(),
    };
    answer.tests = checked.against(reference);
    let behind = exercise.beliefs.behind_tests(&answer.tests, source);
    for (entry, belief) in answer.tests.iter_mut().zip(behind) {
        if let Some(belief) = belief {
            entry.message = belief.text().then(std::mem::take(&mut entry.message));
        }
    }
    if !goes_beyond(&answer.tests, &results[&exercise.package(&exercise.starter).key]) {
        answer.tests.iter_mut().for_each(|test| test.points = 0);
        answer.message = nothing_beyond();
    }
    answer.points = answer.tests.iter().map(|test| test.points).sum();
    answer.status = if exercise.is_untouched(source) { Status::Untouched } else { Status::Graded };
    answer
}

/// Whether it passes any test that the starter does not. What passes with the
/// starter guards what was there; alone it is nobody's work.
fn goes_beyond(tests: &[Entry], starter: &Graded) -> bool {
    let passes = |entry: &&Entry| entry.verdict == Verdict::Passed;
    let given: BTreeSet<&str> =
        starter.entries.iter().filter(passes).map(|entry| entry.test.as_str()).collect();
    tests.iter().filter(passes).any(|entry| !given.contains(entry.test.as_str()))
}

fn nothing_beyond() -> Text {
    (
        "What passes here passes with the starter, too: the points begin with the first test that the starter fails.",
        "这里通过的测试，起始文件也能通过；通过一个起始文件通不过的测试，才开始计分。",
    )
        .into()
}

/// rustc's words in both languages. They are English; what the grader says in
/// rustc's place stands there twice.
fn in_both(errors: &str) -> Text {
    let is_chinese = |text: &str| text.chars().any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it));
    let (mut en, mut zh) = (String::new(), String::new());
    let mut lines = errors.lines().peekable();
    while let Some(line) = lines.next() {
        let said = line.strip_prefix("error: ").is_some();
        let ours = lines.next_if(|next| said && next.starts_with("  = ") && is_chinese(next));
        en.push_str(&format!("{line}\n"));
        match ours {
            Some(chinese) => zh.push_str(&format!("error: {}\n", &chinese[4..])),
            None => zh.push_str(&format!("{line}\n")),
        }
    }
    (en, zh).into()
}
