//! A check at every save. A save ends a check that is under way, even one of
//! an answer that hangs, and begins anew.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use console::{Term, style};
use exercises::Exercise;
use notify::{RecursiveMode, Watcher};
use project::Project;
use project::locale::t;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use crate::{check, show, terminal};

/// How long the file must be left alone before a check begins: one save is
/// several events.
const QUIET: Duration = Duration::from_millis(15);

/// Checks the exercise of this name now and at every save, for ever. Without
/// a name it begins with the next one that has not passed, and follows the
/// learner to whichever is saved.
///
/// # Errors
///
/// There is no such exercise, or files cannot be watched.
pub async fn watch(project: &Project, name: Option<&str>) -> Result<()> {
    let follows = name.is_none();
    let mut exercise = match name {
        Some(name) => Exercise::named(project, name)?,
        None => match check::next(project, None)? {
            (Some(exercise), _) => exercise,
            (None, _) => Exercise::all(project)?.into_iter().next().context("no exercise")?,
        },
    };
    let (mut watcher, mut saves) = saves(project, (!follows).then(|| exercise.name.clone()))
        .context(t("无法监视文件", "cannot watch the files"))?;
    let watched = if follows { Exercise::all(project)? } else { vec![exercise.clone()] };
    loop {
        // Again each time: a folder that was lost may be another one now.
        for exercise in &watched {
            follow(&mut watcher, exercise);
        }
        begin(&exercise);
        let began = Instant::now();
        tokio::select! {
            biased;
            saved = settled(&mut saves) => {
                let Some(name) = saved else { return Ok(()) };
                exercise = Exercise::named(project, &name).unwrap_or(exercise);
                continue;
            }
            () = once(project, &exercise, began) => {}
        }
        let Some(name) = settled(&mut saves).await else { return Ok(()) };
        exercise = Exercise::named(project, &name).unwrap_or(exercise);
    }
}

/// The first lines, on a screen of their own if there is one.
fn begin(exercise: &Exercise) {
    if check::is_terminal() {
        let _ = Term::stdout().clear_screen();
    }
    let path = exercise.shown_answer();
    let line = t(
        format!("保存 {path} 就会检查；按 Ctrl-C 停止。"),
        format!("Checks {path} at every save; Ctrl-C stops."),
    );
    terminal::print(&format!("{}\n\n", style(line).dim()));
}

/// One check. Its errors are shown, and the watch goes on.
async fn once(project: &Project, exercise: &Exercise, began: Instant) {
    let spinner = terminal::spinner(exercise.name.clone());
    let done = check::grade(
        project,
        std::slice::from_ref(exercise),
        Vec::new(),
        terminal::cargo(&spinner),
        |_, checked| {
            spinner.finish_and_clear();
            let checked = match checked {
                Ok(checked) => checked,
                Err(damage) => return terminal::print(&format!("{damage}\n\n")),
            };
            let page = show::verdicts(exercise, &checked);
            let seconds = began.elapsed().as_secs_f32();
            let took = t(format!("（{seconds:.2} 秒）"), format!("({seconds:.2} s)"));
            let count = check::count(&checked);
            let advice = check::after(project, exercise, &checked);
            let advice = advice.unwrap_or_else(|error| format!("{error:#}\n"));
            terminal::print(&format!("{page}{count} {}\n{advice}\n", style(took).dim()));
        },
    );
    let done = done.await;
    spinner.finish_and_clear();
    if let Err(error) = done {
        terminal::print(&format!("{error:#}\n\n"));
    }
}

/// The exercise that was saved last, once its file is left alone.
async fn settled(saves: &mut UnboundedReceiver<String>) -> Option<String> {
    let mut name = saves.recv().await?;
    while let Ok(Some(more)) = tokio::time::timeout(QUIET, saves.recv()).await {
        name = more;
    }
    Some(name)
}

/// The names of the exercises that are saved, or of this one alone, for as
/// long as the watcher lives.
fn saves(
    project: &Project,
    only: Option<String>,
) -> Result<(impl Watcher + use<>, UnboundedReceiver<String>)> {
    let (sender, saves) = mpsc::unbounded_channel();
    let exercises = project.root.join("exercises");
    let mut watcher = notify::recommended_watcher({
        let exercises = exercises.clone();
        move |event: notify::Result<notify::Event>| {
            // Cargo opens the file, too: an access alone is no save.
            let Ok(event) = event else { return };
            if event.kind.is_access() {
                return;
            }
            let names = event.paths.iter().filter_map(|path| exercises::touched(&exercises, path));
            for name in names.filter(|name| only.as_ref().is_none_or(|only| only == name)) {
                let _ = sender.send(name);
            }
        }
    })?;
    watcher.watch(&exercises, RecursiveMode::NonRecursive)?;
    Ok((watcher, saves))
}

/// Watches the folders of an exercise that are there. Not its file: some
/// editors put a new one in its place.
fn follow(watcher: &mut impl Watcher, exercise: &Exercise) {
    for folder in exercise.answer().ancestors().skip(1).take(2) {
        let _ = watcher.watch(folder, RecursiveMode::NonRecursive);
    }
}
