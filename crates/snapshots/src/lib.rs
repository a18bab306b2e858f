//! Makes the book's recordings, `recordings/NAME.json`: what each program did. It
//! knows nothing of pages.
//!
//! A change that a page proposes has one as well, `recordings/NAME/ID.json` ([`changed`]).
//! They are written here alone, by `cargo run -- record` (and by the server, when
//! an example is saved); the tests record every program anew and compare.

pub mod changed;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use changes::Change;
use project::files::{expect_no_link, expect_writable};
use project::locale::t;
use project::{Project, RECORDINGS, progress, target_folder};
use record::package::{Package, PackageError};
use record::{Outcome, Program, RecordError, Stand, Studio};
use recording::compare;
use recording::file::Recording;
use recording::model::Trace;
use recording::words::Locale;

/// What a program of the book is to the recorder.
pub fn program(project: &Project, name: &str) -> Program {
    let path = project.program(name);
    let is_application = project.is_application(name);
    Program {
        name: name.to_owned(),
        file: project.shown(&path),
        path,
        libraries: if is_application { Stand::Applications } else { Stand::Light },
        text: None,
        clock: None,
    }
}

/// Names another folder than the usual one, for tests that share what is built.
const TARGET: &str = "WB_RECORDER_TARGET";

/// Where recorded programs are compiled: a target folder of its own, so that no
/// command of the reader's waits for it.
pub fn target(project: &Project) -> PathBuf {
    let named = std::env::var_os(TARGET).map(PathBuf::from);
    named.unwrap_or_else(|| target_folder(&project.root).join("recorder"))
}

/// The workspace that the recorder lies in.
fn home(project: &Project) -> &Path {
    let is_here = project.root.join("crates/recorder").is_dir();
    // A book without a recorder of its own takes this command's.
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(&project.root);
    if is_here { &project.root } else { own }
}

fn studio(project: &Project) -> Studio {
    Studio::new(home(project), &target(project))
}

/// Records programs, showing how far it is.
///
/// # Errors
///
/// The recorder itself cannot be built.
pub fn record_all(project: &Project, programs: &[Program]) -> Result<Vec<Outcome>> {
    expect_writable(&target(project))?;
    let mut studio = studio(project);
    studio.prepare(programs).with_context(|| {
        t("录制程序要用的库没有编译成", "what programs are recorded with could not be compiled")
    })?;
    let bar = progress::bar(t("录制", "Recording"), programs.len());
    let tell = |program: &Program| {
        bar.set_message(program.name.clone());
        bar.inc(1);
    };
    let outcomes = studio.record(programs, LIMIT, tell)?;
    bar.finish_and_clear();
    Ok(outcomes)
}

/// Records one program, which `launcher` starts; each line that cargo says of its
/// progress is told. Once all libraries are there, and before anything of the program
/// is compiled, `before` is called with the folder in which it will be.
///
/// # Errors
///
/// The recorder itself cannot be built.
pub fn record_telling(
    project: &Project,
    program: &Program,
    launcher: Vec<OsString>,
    tell: &mut dyn FnMut(&str),
    before: impl FnOnce(&Path),
) -> Result<Outcome> {
    expect_writable(&target(project))?;
    let mut studio = studio(project);
    studio.launcher = launcher;
    let programs = std::slice::from_ref(program);
    studio.prepare_telling(programs, Some(tell))?;
    before(&target(project));
    Ok(studio.record(programs, LIMIT, |_| {})?.remove(0))
}

/// Records a package of the reader's own; with it, the text of all its files.
///
/// # Errors
///
/// See [`PackageError`].
pub fn record_package(
    project: &Project,
    package: &Package,
) -> Result<(Trace, String), PackageError> {
    let crates = home(project).join("crates");
    record::package::record(package, &crates, &target(project), LIMIT)
}

/// How long a program may run, in real time.
const LIMIT: Duration = record::TIME_LIMIT;

/// Records these programs (all of the book's, if none is named) and writes what
/// differs from what is there: on the real clock, two runs of the same program
/// that agree are the same recording.
///
/// # Errors
///
/// There is no such program, or one of them cannot be recorded; the others are.
pub fn record(project: &Project, names: &[String]) -> Result<()> {
    let programs = record_programs(project, names);
    let changes = record_changes(project, names);
    programs.and(changes)
}

/// The same of the programs alone.
///
/// # Errors
///
/// As [`record`].
pub fn record_programs(project: &Project, names: &[String]) -> Result<()> {
    let (all, names) = expected(project, names)?;
    let programs: Vec<Program> = names.iter().map(|name| program(project, name)).collect();
    let outcomes = record_all(project, &programs)?;
    let kept = names.iter().zip(outcomes).map(|(name, outcome)| keep(project, name, outcome));
    tell(kept)?;
    if names.len() == all.len() {
        remove_left_over(&project.root.join(RECORDINGS), &all, str::to_owned)?;
    }
    Ok(())
}

/// The same of the changes of these programs.
///
/// # Errors
///
/// As [`record`].
pub fn record_changes(project: &Project, names: &[String]) -> Result<()> {
    let (_, names) = expected(project, names)?;
    let changes = names.iter().map(|name| changes::of(project, name));
    let changes: Vec<Change> = changes.collect::<Result<Vec<_>>>()?.concat();
    let recordings = changed::record_changes(project, &changes, changed::RUNS)?;
    let kept = changes.iter().zip(recordings).map(|(change, recording)| {
        recording.and_then(|recording| keep_change(project, change, &recording))
    });
    tell(kept)?;
    for name in names {
        let own = changes.iter().filter(|change| change.program == name);
        let own = own.map(|change| change.id.clone()).collect::<Vec<_>>();
        let folder = project.root.join(RECORDINGS).join(&name);
        if folder.is_dir() {
            remove_left_over(&folder, &own, |id| format!("{name}__{id}"))?;
            // One that is empty says nothing.
            let _ = std::fs::remove_dir(&folder);
        }
    }
    Ok(())
}

/// All programs of the book, and those that are meant.
fn expected(project: &Project, names: &[String]) -> Result<(Vec<String>, Vec<String>)> {
    for name in names {
        project.expect_program(name)?;
    }
    let all = project.programs()?;
    let names = if names.is_empty() { all.clone() } else { names.to_vec() };
    Ok((all, names))
}

/// Says what was written, and why something was not.
fn tell(kept: impl Iterator<Item = Result<Option<String>>>) -> Result<()> {
    let mut failed = 0;
    for kept in kept {
        match kept {
            Ok(Some(said)) => eprintln!("{said}"),
            Ok(None) => {}
            Err(error) => {
                eprintln!("{error:#}");
                failed += 1;
            }
        }
    }
    if failed > 0 {
        bail!(t(
            format!("有 {failed} 个程序没录成（见上）；其余的都录好了。"),
            format!("{failed} could not be recorded (see above); the others were."),
        ));
    }
    Ok(())
}

/// Writes the recording of a change if it says something new; and what to say of it.
fn keep_change(project: &Project, change: &Change, new: &Recording) -> Result<Option<String>> {
    let file = project.changed_recording(&change.program, &change.id);
    let shown = format!("{}/{}", change.program, change.id);
    let text = std::fs::read_to_string(&file).ok();
    let old = text.and_then(|text| Recording::parse(&text).ok());
    let differs = old.as_ref().map(|old| changed::difference(old, new));
    if differs == Some(None) {
        return Ok(None);
    }
    changed::expect_free(change, new)?;
    std::fs::create_dir_all(file.parent().context("a file has a folder")?)?;
    project.write_own(&file, new.to_text().as_bytes())?;
    Ok(Some(match differs.flatten() {
        None => t(format!("{shown}：已录制"), format!("{shown}: recorded")),
        Some(diff) => {
            t(format!("{shown}：已重新录制\n{diff}"), format!("{shown}: recorded anew\n{diff}"))
        }
    }))
}

/// Writes a recording if it says something new; and what to say of it.
fn keep(project: &Project, name: &str, outcome: Outcome) -> Result<Option<String>> {
    let new = whole(name, outcome)?;
    let file = project.recording(name);
    let text = std::fs::read_to_string(&file).ok();
    let old = text.and_then(|text| Recording::parse(&text).ok());
    let differs = old.as_ref().map(|old| compare::difference(&old.trace, &new.trace));
    if differs == Some(None) && old.is_some_and(|old| old.sha256 == new.sha256) {
        return Ok(None);
    }
    project.write_own(&file, new.to_text().as_bytes())?;
    Ok(Some(match differs {
        None => t(format!("{name}：已录制"), format!("{name}: recorded")),
        Some(None) => t(
            format!("{name}：已重新录制，它做的事没有变"),
            format!("{name}: recorded anew; what it does is the same"),
        ),
        Some(Some(diff)) => {
            t(format!("{name}：已重新录制\n{diff}"), format!("{name}: recorded anew\n{diff}"))
        }
    }))
}

/// A recording of a program that compiled, however it ended.
///
/// # Errors
///
/// It does not compile or cannot be started: one sentence, and behind it what
/// the compiler said.
pub fn made(name: &str, outcome: Outcome) -> Result<Recording> {
    match outcome {
        Ok(recording) => Ok(recording),
        Err(said @ (RecordError::DoesNotCompile(_) | RecordError::Libraries(_))) => bail!(t(
            format!("示例 {name} 编译不通过：\n{said}"),
            format!("Example {name} does not compile:\n{said}"),
        )),
        Err(error) => Err(error.into()),
    }
}

/// A recording of a program that compiled and ended well.
///
/// # Errors
///
/// It did not: one sentence, and behind it what the compiler said or who waits
/// for ever.
pub fn whole(name: &str, outcome: Outcome) -> Result<Recording> {
    let recording = made(name, outcome)?;
    let trace = &recording.trace;
    if let (Some(zh), Some(en)) = (Locale::Zh.ending(trace), Locale::En.ending(trace)) {
        let more = |locale: Locale| {
            let sentences = locale.stuck(trace).into_iter();
            sentences.map(|sentence| format!("\n  {sentence}")).collect::<String>()
        };
        bail!(t(
            format!("示例 {name} 没能录下来。{zh}{}", more(Locale::Zh)),
            format!("Example {name} could not be recorded: {en}{}", more(Locale::En)),
        ));
    }
    Ok(recording)
}

/// Removes recordings in a folder of what the book no longer has; `name` is what a file
/// of this stem would have recorded. What is no recording is somebody's own.
fn remove_left_over(folder: &Path, names: &[String], name: impl Fn(&str) -> String) -> Result<()> {
    expect_no_link(folder)?;
    for entry in folder.read_dir()? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let is_recording = path.extension().is_some_and(|ending| ending == "json")
            && Recording::parse(&text).is_ok_and(|recording| recording.trace.name == name(&stem));
        if is_recording && path.is_file() && !names.iter().any(|known| *known == stem) {
            std::fs::remove_file(&path)?;
            eprintln!(
                "{stem}: {}",
                t("已删除，书里没有这个程序", "removed; the book has no such program")
            );
        }
    }
    Ok(())
}
