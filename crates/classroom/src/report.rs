//! The grades of a class: what `report.json` and `scores.csv` hold.

use std::collections::BTreeMap;

use anyhow::Result;
use grading::report::Entry;
use grading::{Text, Verdict};
use project::locale::{Language, t};
use serde::Serialize;

use confined::Confinement;

/// The version of `report.json`. It grows when a field changes its meaning or
/// goes; a new field alone does not change it.
pub const VERSION: u32 = 1;

/// The grades of a class.
#[derive(Debug, Serialize)]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// The first line of `rustc -vV`.
    pub toolchain: String,
    /// How far the kernel held the students' code to its own folder.
    pub confinement: Confinement,
    /// The points that all exercises are worth together.
    pub out_of: u32,
    /// By name.
    pub exercises: Vec<Task>,
    /// In the roster's order; then those that it does not name.
    pub students: Vec<Student>,
    /// What lay among the submissions and was none.
    pub ignored: Vec<String>,
}

/// An exercise, and what it is worth.
#[derive(Debug, Serialize)]
pub struct Task {
    /// Its name.
    pub exercise: String,
    /// The points of all its tests.
    pub out_of: u32,
    /// In the order of the source.
    pub tests: Vec<Question>,
}

/// A test, and what it is worth.
#[derive(Debug, Serialize)]
pub struct Question {
    /// Its name.
    pub test: String,
    /// Its points.
    pub out_of: u32,
}

/// A student's grades.
#[derive(Debug, Serialize)]
pub struct Student {
    /// As in the roster, or the submission's name.
    pub id: String,
    /// As in the roster, or the submission's name.
    pub name: String,
    /// The submission's name; none if nothing was handed in.
    pub submission: Option<String>,
    /// Whether the roster names this student; `true` if there is no roster.
    pub in_roster: bool,
    /// `zh` or `en`: the language of the page.
    pub lang: &'static str,
    /// The student's page, from the report's folder.
    pub page: String,
    /// The points of all exercises.
    pub points: u32,
    /// What was left out of the submission, or why it cannot be read.
    pub notes: Vec<Text>,
    /// One for each exercise, by name.
    pub answers: Vec<Answer>,
}

impl Student {
    /// The language of the page.
    pub fn language(&self) -> Language {
        if self.lang == "zh" { Language::Chinese } else { Language::English }
    }
}

/// What became of one exercise of one student.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// The exercise.
    pub exercise: String,
    /// What kind of answer it is.
    pub status: Status,
    /// The points earned.
    pub points: u32,
    /// The points that it is worth.
    pub out_of: u32,
    /// Where the source lay in the submission.
    pub file: Option<String>,
    /// Why the tests did not run, if they did not.
    pub message: Text,
    /// The belief behind what rustc found in it, where one is certain.
    pub belief: Option<Text>,
    /// One for each test, in the order of the source; none if they did not run.
    pub tests: Vec<Entry>,
}

/// What kind of answer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Its tests ran.
    Graded,
    /// Its tests ran; it is the file that was handed out.
    Untouched,
    /// It does not compile; `message` says why.
    DoesNotCompile,
    /// The file cannot be graded; `message` says why.
    Refused,
    /// There is no such file.
    Missing,
}

impl Answer {
    /// Whether all points were earned.
    pub fn is_full(&self) -> bool {
        self.points == self.out_of && self.out_of > 0
    }
}

impl Report {
    /// How the answers to each test ended: for each verdict, how many.
    pub fn ends(&self, exercise: &str, test: &str) -> BTreeMap<&'static str, (Text, usize)> {
        let mut ends: BTreeMap<&str, (Text, usize)> = BTreeMap::new();
        let answers = self.students.iter().flat_map(|student| &student.answers);
        for answer in answers.filter(|answer| answer.exercise == exercise) {
            let verdict = match answer.status {
                Status::DoesNotCompile => Verdict::DoesNotCompile,
                Status::Graded | Status::Untouched => {
                    let own = answer.tests.iter().find(|entry| entry.test == test);
                    own.map_or(Verdict::EarlyExit, |entry| entry.verdict)
                }
                Status::Refused | Status::Missing => continue,
            };
            ends.entry(key(verdict)).or_insert_with(|| (verdict.name(), 0)).1 += 1;
        }
        ends
    }

    /// `report.json`.
    ///
    /// # Errors
    ///
    /// None that this type can cause.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// `scores.csv`, for a spreadsheet: it begins with the mark by which Excel
    /// knows UTF-8, and no field of it is a formula.
    ///
    /// # Errors
    ///
    /// None that this type can cause.
    pub fn to_csv(&self) -> Result<Vec<u8>> {
        let mut bytes = "\u{feff}".as_bytes().to_vec();
        let mut table =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
        let words = t(
            ["学号", "姓名", "作业", "总分", "满分", "备注"],
            ["id", "name", "submission", "total", "out of", "note"],
        );
        let mut line: Vec<String> = words[..3].iter().map(|&word| word.to_owned()).collect();
        line.extend(
            self.exercises.iter().map(|task| format!("{} ({})", task.exercise, task.out_of)),
        );
        line.extend(words[3..].iter().map(|&word| word.to_owned()));
        table.write_record(&line)?;
        for student in &self.students {
            let submission = student.submission.clone().unwrap_or_default();
            let mut line =
                vec![harmless(&student.id), harmless(&student.name), harmless(&submission)];
            line.extend(student.answers.iter().map(|answer| answer.points.to_string()));
            line.extend([student.points.to_string(), self.out_of.to_string(), note(student)]);
            table.write_record(&line)?;
        }
        drop(table);
        Ok(bytes)
    }
}

/// So many of a submission's notes stand in the table; all are on the page.
const MOST_NOTES: usize = 3;

/// What the teacher should know of a student besides the points.
pub fn note(student: &Student) -> String {
    let mut notes = Vec::new();
    if student.submission.is_none() {
        notes.push(t("没有交作业", "no submission"));
    }
    if !student.in_roster {
        notes.push(t("不在名单里", "not in the roster"));
    }
    if student.answers.iter().any(|answer| answer.status == Status::Refused) {
        notes.push(t("有文件被拒收", "a file was refused"));
    }
    // What was seen and not taken, among it: nobody should have to guess.
    notes.extend(student.notes.iter().take(MOST_NOTES).map(|why| t(&*why.zh, &*why.en)));
    notes.join(t("；", "; "))
}

/// A number and an English noun that takes an `s`.
pub fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// The name of a verdict in `report.json`.
pub fn key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Wrong => "wrong",
        Verdict::Deadlock => "deadlock",
        Verdict::Blocked => "blocked",
        Verdict::Hung => "hung",
        Verdict::EarlyExit => "early_exit",
        Verdict::Panic => "panic",
        Verdict::StackOverflow => "stack_overflow",
        Verdict::OutOfMemory => "out_of_memory",
        Verdict::OutputFlood => "output_flood",
        Verdict::TooMany => "too_many",
        Verdict::DoesNotCompile => "does_not_compile",
    }
}

/// A spreadsheet takes what begins with one of these for a formula, and a
/// formula can do harm.
fn harmless(field: &str) -> String {
    let first = field.trim_start_matches(|letter: char| letter.is_control()).chars().next();
    let formula = field.starts_with(char::is_control)
        || first.is_some_and(|first| {
            matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
        });
    if formula { format!("'{field}") } else { field.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{count, harmless};

    #[test]
    fn one_is_singular() {
        assert_eq!(count(0, "student"), "0 students");
        assert_eq!(count(1, "student"), "1 student");
        assert_eq!(count(2, "exercise"), "2 exercises");
    }

    #[test]
    fn no_field_is_a_formula() {
        for field in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", "＝1"] {
            assert!(harmless(field).starts_with('\''), "{field:?}");
        }
        assert_eq!(harmless("O'Neil, 小明"), "O'Neil, 小明");
    }
}
