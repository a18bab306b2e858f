//! Grades a class: a folder or a zip archive for each student in, points,
//! pages and one picture out. It knows nothing of the book's pages.
//!
//! ```text
//! submissions ─┐                     ┌─ results: one file for each answer
//! roster ──────┤                     │  that was ever graded
//! exercises ───┴▶ packages ─▶ cargo ─▶ tests, confined ─▶ report, pages, picture
//! ```
//!
//! - [`submissions`]: one source file for each exercise, and nothing else;
//!   `tree`: the files of one; `naming`: what a file's name says, and the names
//!   that school systems give.
//! - [`roster`]: who is in the class.
//! - `enrolled`: who is graded.
//! - [`workspace`]: the pristine exercises, with the answers in their place.
//! - [`compiler`]: rustc under limits, reading one file.
//! - `shop`: where answers are compiled, run, and remembered.
//! - `marks`: what each student gets, and why.
//! - [`report`]: the grades; [`pages`]: what people read, in `html`; [`picture`]: who
//!   is stuck where.
//!
//! What is graded once is kept under the digest of all that its verdict
//! depends on, so a second run grades what has changed, and one that was
//! interrupted goes on.

pub mod compiler;
mod enrolled;
mod html;
mod marks;
mod naming;
pub mod pages;
pub mod picture;
pub mod report;
pub mod roster;
mod shop;
pub mod submissions;
mod tree;
pub mod workspace;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use output::Kind;
use project::Project;
use project::locale::{language, t};

use crate::report::Report;
use crate::shop::Shop;
use crate::workspace::Exercise;
use confined::Confinement;

/// What to grade, and where to write it.
#[derive(Debug)]
pub struct Options {
    /// The folder of submissions.
    pub submissions: PathBuf,
    /// The class list.
    pub roster: Option<PathBuf>,
    /// The report's folder.
    pub out: PathBuf,
    /// Whether to grade also what is graded already.
    pub again: bool,
}

/// Grades all submissions and writes the report, whole or not at all.
///
/// # Errors
///
/// Grading itself is not possible: a folder or the roster is wrong, cargo
/// fails, an exercise's own solution does not pass, or the report cannot be
/// written. Bad submissions are no errors.
pub async fn grade(project: &Project, options: &Options) -> Result<()> {
    output::expect_ours(&options.out, Kind::Report)?;
    expect_apart(&options.submissions, &options.out)?;
    let rows = options.roster.as_deref().map(roster::read).transpose()?;
    let exercises = Exercise::all(project)?;
    let names: BTreeSet<String> = exercises.iter().map(|it| it.name.clone()).collect();
    let submissions = submissions::read(&options.submissions, &names)?;
    let students = enrolled::all(options.roster.as_deref(), rows, &submissions)?;

    let shop = Shop::open(project)?;
    let confinement = confined::available();
    if confinement == Confinement::None {
        eprintln!(
            "{}",
            t(
                "注意：这个系统上，学生的代码能碰到你的账户能碰到的一切文件；需要隔离时请用容器。",
                "Note: on this system the students' code can reach every file that your account can; \
                    use a container where that matters.",
            )
        );
    }
    let answers = submissions.all.iter().flat_map(|submission| {
        exercises.iter().filter_map(|exercise| {
            let found = submission.answers.get(&exercise.name)?;
            Some(exercise.package(found.source.as_ref().ok()?))
        })
    });
    let own = exercises.iter().flat_map(|exercise| {
        [exercise.package(&exercise.solution), exercise.package(&exercise.starter)]
    });
    let results = shop.grade(project, own.chain(answers).collect(), options.again).await?;

    let references = marks::references(&exercises, &results)?;
    let report = marks::report(
        project,
        &exercises,
        &references,
        &results,
        students,
        submissions,
        confinement,
    )?;
    write(&report, &options.out)?;
    tell(&report, options);
    Ok(())
}

/// The report must not be taken for a submission, nor the other way round.
fn expect_apart(submissions: &Path, out: &Path) -> Result<()> {
    let real = |path: &Path| {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let known = path.ancestors().find_map(|above| {
            let rest = path.strip_prefix(above).ok()?;
            Some(above.canonicalize().ok()?.join(rest))
        });
        known.unwrap_or(path)
    };
    let (from, to) = (real(submissions), real(out));
    if from.starts_with(&to) || to.starts_with(&from) {
        let shown = out.display();
        bail!(t(
            format!("报告不能写进装作业的文件夹，反之也不行（{shown}）；请换一个文件夹。"),
            format!(
                "The report and the submissions must lie apart; choose another --out than {shown}."
            ),
        ));
    }
    Ok(())
}

/// Writes the report in the place of an older one.
fn write(report: &Report, out: &Path) -> Result<()> {
    let cannot_write = || output::cannot_write(out);
    let fresh = output::fresh_beside(out)?;
    let put = |name: &str, bytes: &[u8]| {
        std::fs::write(fresh.path().join(name), bytes).with_context(cannot_write)
    };
    put("report.json", &report.to_json()?)?;
    put("scores.csv", &report.to_csv()?)?;
    put("index.html", pages::class(report, language()).as_bytes())?;
    std::fs::create_dir(fresh.path().join("students")).with_context(cannot_write)?;
    for student in &report.students {
        put(&student.page, pages::student(report, student).as_bytes())?;
    }
    let kept = output::put(fresh, out, Kind::Report)?;
    output::tell_kept(out, &kept);
    Ok(())
}

/// Says in the terminal what a teacher should know at once.
fn tell(report: &Report, options: &Options) {
    let unlisted: Vec<&str> = report
        .students
        .iter()
        .filter(|student| !student.in_roster)
        .map(|student| student.name.as_str())
        .collect();
    if !unlisted.is_empty() {
        let names = unlisted.join(t("、", ", "));
        eprintln!(
            "{}",
            t(format!("不在名单里的作业：{names}。"), format!("Not in the roster: {names}."))
        );
    }
    let absent = report.students.iter().filter(|student| student.submission.is_none()).count();
    if absent > 0 {
        eprintln!(
            "{}",
            t(
                format!("{absent} 个学生没有交作业。"),
                format!("{} handed in nothing.", report::count(absent, "student"))
            )
        );
    }
    if !report.ignored.is_empty() {
        let names: Vec<String> = report.ignored.iter().map(|name| format!("{name:?}")).collect();
        let names = names.join(t("、", ", "));
        eprintln!("{}", t(format!("忽略了：{names}。"), format!("Left out: {names}.")));
    }
    let (students, exercises) = (report.students.len(), report.exercises.len());
    let page = options.out.join("index.html");
    let page = page.display();
    eprintln!(
        "{}",
        t(
            format!("{students} 个学生、{exercises} 道练习已评分：{page}"),
            format!(
                "Graded {}, {}: {page}",
                report::count(students, "student"),
                report::count(exercises, "exercise"),
            ),
        )
    );
}
