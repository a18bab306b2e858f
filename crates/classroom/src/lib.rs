//! Grades a class: a folder or a zip archive for each student in, points,
//! pages and one picture out.
//!
//! ```text
//! submissions ─┐                     ┌─ results: one file for each answer
//! roster ──────┤                     │  that was ever graded
//! exercises ───┴▶ packages ─▶ cargo ─▶ tests, confined ─▶ report, pages, picture
//! ```
//!
//! - [`submissions`]: one source file for each exercise, and nothing else;
//!   `naming`: what a file's name says, and the names that school systems give.
//! - [`roster`]: who is in the class.
//! - [`workspace`]: the pristine exercises, with the answers in their place.
//! - [`compiler`]: rustc under limits, reading one file.
//! - [`confined`]: the tests under limits, reaching one folder.
//! - [`report`]: the grades; [`pages`]: what people read; [`picture`]: who is
//!   stuck where.
//!
//! What is graded once is kept under the digest of all that its verdict
//! depends on, so a second run grades what has changed, and one that was
//! interrupted goes on.

pub mod compiler;
pub mod confined;
mod html;
mod naming;
pub mod pages;
pub mod picture;
pub mod report;
pub mod roster;
pub mod submissions;
pub mod workspace;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use beliefs::{Belief, Fault};
use grading::report::Entry;
use grading::{Text, Verdict};
use indicatif::{ProgressBar, ProgressStyle};
use output::Kind;
use project::Project;
use project::command::own_path;
use project::files::expect_writable;
use project::files::write_whole;
use project::locale::{Language, language, t};
use regex::Regex;
use serde::{Deserialize, Serialize};
use verdicts::{Checked, Compiled, News, Workspace};

use crate::confined::Confinement;
use crate::report::{Answer, Question, Report, Status, Student, Task};
use crate::roster::Row;
use crate::submissions::{Submission, Submissions};
use crate::workspace::{Exercise, Package};

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

/// How long rustc may take for one source, in seconds.
const COMPILE_SECONDS: u64 = 60;

/// How long the tests of one answer may take together.
const RUN_LIMIT: Duration = Duration::from_secs(60);

/// So many packages go to one call of cargo.
const BATCH: usize = 240;

/// How much of rustc's words a page shows, in bytes.
const MOST_ERRORS: usize = 6 << 10;

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
    let students = students(options.roster.as_deref(), rows, &submissions)?;

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

    let references = references(&exercises, &results)?;
    let report =
        report(project, &exercises, &references, &results, students, submissions, confinement)?;
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

/// A student before grading: who, and the index of the submission.
struct Enrolled {
    id: String,
    name: String,
    in_roster: bool,
    language: Language,
    submission: Option<usize>,
}

fn students(
    roster: Option<&Path>,
    rows: Option<Vec<Row>>,
    submissions: &Submissions,
) -> Result<Vec<Enrolled>> {
    let names: Vec<&str> = submissions.all.iter().map(|one| one.name.as_str()).collect();
    let unlisted = |index: usize, in_roster| Enrolled {
        id: names[index].to_owned(),
        name: names[index].to_owned(),
        in_roster,
        language: language(),
        submission: Some(index),
    };
    let (Some(path), Some(rows)) = (roster, rows) else {
        return Ok((0..names.len()).map(|index| unlisted(index, true)).collect());
    };
    let known: Vec<(&str, Option<&str>)> =
        submissions.all.iter().map(|one| (one.name.as_str(), one.number.as_deref())).collect();
    let assigned = roster::assign(path, &rows, &known)?;
    let taken: BTreeSet<usize> = assigned.iter().copied().flatten().collect();
    let mut students: Vec<Enrolled> = rows
        .into_iter()
        .zip(assigned)
        .map(|(row, submission)| {
            let first = |fields: [&String; 3]| {
                fields.into_iter().find(|field| !field.is_empty()).cloned().unwrap_or_default()
            };
            Enrolled {
                id: first([&row.id, &row.folder, &row.name]),
                name: first([&row.name, &row.id, &row.folder]),
                in_roster: true,
                language: row.language.unwrap_or_else(language),
                submission,
            }
        })
        .collect();
    let others = (0..names.len()).filter(|index| !taken.contains(index));
    students.extend(others.map(|index| unlisted(index, false)));
    Ok(students)
}

/// What is kept of a graded answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Graded {
    /// rustc's words, if it does not compile.
    errors: Option<String>,
    /// rustc's errors and warnings, by code and place.
    faults: Vec<Fault>,
    entries: Vec<Entry>,
}

type Results = BTreeMap<String, Graded>;

/// Where answers are compiled, run, and remembered.
struct Shop {
    root: PathBuf,
    /// Held as long as this grader works here.
    _lock: Option<std::fs::File>,
}

impl Shop {
    fn open(project: &Project) -> Result<Shop> {
        let root = std::path::absolute(project.scratch().join("grade"))?;
        expect_writable(&root)?;
        let _lock = lock(&root.join("lock"))?;
        Ok(Shop { root, _lock })
    }

    fn result(&self, key: &str) -> PathBuf {
        self.root.join("results").join(format!("{key}.json"))
    }

    /// The results of all packages, from memory or anew.
    async fn grade(
        &self,
        project: &Project,
        packages: Vec<Package<'_>>,
        again: bool,
    ) -> Result<Results> {
        let mut results = Results::new();
        let mut due: Vec<Package<'_>> = Vec::new();
        let mut seen = BTreeSet::new();
        for package in packages {
            if !seen.insert(package.key.clone()) {
                continue;
            }
            let kept = std::fs::read(self.result(&package.key)).ok();
            match kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).filter(|_| !again) {
                Some(graded) => _ = results.insert(package.key, graded),
                None => due.push(package),
            }
        }
        if due.is_empty() {
            return Ok(results);
        }
        let progress = Progress::new(due.len());
        for batch in due.chunks(BATCH) {
            self.grade_batch(project, batch, &progress, &mut results).await?;
        }
        progress.end();
        Ok(results)
    }

    async fn grade_batch(
        &self,
        project: &Project,
        batch: &[Package<'_>],
        progress: &Progress,
        results: &mut Results,
    ) -> Result<()> {
        let folder = self.root.join("packages");
        let work = self.root.join("work");
        let _ = std::fs::remove_dir_all(&work);
        workspace::write(project, batch, &folder)?;
        let own = own_path()?;
        let target = self.root.join("target");
        let limit = std::env::var_os(compiler::LIMIT);
        let limit = limit.unwrap_or_else(|| COMPILE_SECONDS.to_string().into());
        let options = verdicts::Options {
            // The packages lie elsewhere; the flags are those of the project.
            arguments: vec!["--manifest-path".into(), folder.join("Cargo.toml").into()],
            environment: vec![
                ("RUSTC_WORKSPACE_WRAPPER".into(), own.into()),
                (compiler::LIMIT.into(), limit),
            ],
            launcher: vec![own.into(), "confined".into(), work.clone().into()],
            jobs: thread::available_parallelism().map_or(1, |count| count.get()),
            run_limit: RUN_LIMIT,
            ..verdicts::Options::default()
        };
        let by_name: BTreeMap<String, &Package<'_>> =
            batch.iter().map(|package| (package.name(), package)).collect();
        let names: Vec<String> = by_name.keys().cloned().collect();
        let place = Workspace { root: project.root.clone(), target: Some(target.clone()) };
        let mut failure = None;
        verdicts::check_all(&place, &names, &options, |news| match news {
            News::Compiling(name) => progress.compiling(&name),
            News::Checked(checked) => {
                let Some(package) = by_name.get(&checked.package) else { return };
                let graded = self.graded(checked);
                let kept = serde_json::to_vec(&graded)
                    .map_err(anyhow::Error::from)
                    .and_then(|bytes| write_whole(&self.result(&package.key), &bytes));
                failure = failure.take().or(kept.err());
                results.insert(package.key.clone(), graded);
                progress.graded(&package.exercise.name);
            }
        })
        .await?;
        if let Some(error) = failure {
            return Err(error);
        }
        let exercises = batch.iter().map(|package| package.exercise.name.as_str()).collect();
        forget_binaries(&target.join("debug"), &exercises);
        let _ = std::fs::remove_dir_all(&work);
        Ok(())
    }

    /// What is kept of it, without the paths of this machine.
    fn graded(&self, checked: Checked) -> Graded {
        let own = self.root.join("packages").to_string_lossy().into_owned();
        let scratch = self.root.to_string_lossy().into_owned();
        let home = std::env::home_dir().map(|home| home.to_string_lossy().into_owned());
        let hide = |text: &str| {
            let text = LIBRARIES.replace_all(text, "");
            let text = text.replace(&format!("{own}/"), "").replace(&scratch, "…");
            let text = text.replace(&format!("{}/", checked.package), "");
            match home.as_deref().filter(|home| home.len() > 1) {
                Some(home) => text.replace(home, "~"),
                None => text,
            }
        };
        let errors = match &checked.compiled {
            Compiled::Yes => None,
            Compiled::No(errors) => Some(shorten(&hide(errors))),
            Compiled::TooLong(limit) => {
                let said = verdicts::compiles_too_long(*limit);
                Some(format!("error: {}\n  = {}\n", said.en, said.zh))
            }
        };
        let entries = checked.entries.iter().cloned().map(|entry| Entry {
            message: (hide(&entry.message.en), hide(&entry.message.zh)).into(),
            output: hide(&entry.output),
            ..entry
        });
        Graded { errors, faults: checked.faults.clone(), entries: entries.collect() }
    }
}

/// The way to the libraries' sources, which is the teacher's.
static LIBRARIES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[^\s`'(]*registry/src/[^/\s]+/").expect("a constant"));

fn shorten(text: &str) -> String {
    match (0..=MOST_ERRORS).rev().find(|&end| text.is_char_boundary(end)) {
        Some(end) if end < text.len() => format!("{}\n…", &text[..end]),
        _ => text.to_owned(),
    }
}

/// Two graders in one scratch folder would spoil each other's work.
#[cfg(unix)]
fn lock(path: &Path) -> Result<Option<std::fs::File>> {
    // Nothing is written, whatever the file is.
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(false).open(path);
    let file = file.with_context(|| path.display().to_string())?;
    let lock = rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive);
    if lock == Err(rustix::io::Errno::WOULDBLOCK) {
        bail!(t(
            "另一个 grade 正在运行；请等它结束。",
            "Another `grade` is running here; wait for it to end."
        ));
    }
    Ok(Some(file))
}

#[cfg(not(unix))]
fn lock(_: &Path) -> Result<Option<std::fs::File>> {
    Ok(None)
}

/// Removes what was compiled of answers: their results are kept, and a class
/// makes gigabytes.
fn forget_binaries(built: &Path, exercises: &BTreeSet<&str>) {
    let is_answer = |name: &str, between: &str| {
        exercises.iter().any(|exercise| {
            let name = name.strip_prefix("lib").unwrap_or(name);
            name.strip_prefix(exercise).is_some_and(|rest| rest.starts_with(between))
        })
    };
    for (folder, between) in [("deps", "-"), (".fingerprint", "--")] {
        for entry in built.join(folder).read_dir().into_iter().flatten().flatten() {
            if !is_answer(&entry.file_name().to_string_lossy(), between) {
                continue;
            }
            let _ = std::fs::remove_file(entry.path());
            if folder == ".fingerprint" {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }
}

/// The bar, and what is said when it is cut short.
struct Progress {
    bar: ProgressBar,
}

impl Progress {
    fn new(due: usize) -> Progress {
        let bar = ProgressBar::new(due as u64).with_style(
            ProgressStyle::with_template("{prefix:>12.cyan.bold} [{bar:25}] {pos}/{len} {msg}")
                .expect("the template is a constant"),
        );
        bar.set_prefix(t("评分", "Grading"));
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress { bar }
    }

    fn compiling(&self, name: &str) {
        let name = name.split("--").next().unwrap_or(name).to_owned();
        self.bar.set_message(t(format!("编译 {name}"), format!("compiling {name}")));
    }

    fn graded(&self, name: &str) {
        self.bar.set_message(name.to_owned());
        self.bar.inc(1);
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.bar.is_finished() {
            return;
        }
        self.bar.abandon();
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
        eprintln!(
            "\n{}",
            t(
                format!("已保存 {done}/{all} 份答案的评分；再运行同一条命令就会接着做。"),
                format!(
                    "{done} of {all} answers are graded and kept; the same command goes on from there."
                ),
            )
        );
    }
}

/// What each solution got: the tests, in their order, and their points.
fn references(exercises: &[Exercise], results: &Results) -> Result<BTreeMap<String, Vec<Entry>>> {
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

fn report(
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
