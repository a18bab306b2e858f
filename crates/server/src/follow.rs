//! Rebuilds the site at every save, and tells the open pages.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use book::build::{self, Changed};
use exercises::is_answer;
use notify::{RecursiveMode, Watcher};
use project::locale::t;
use project::{EDITIONS, Edition, Project};
use tokio::sync::broadcast;
use tokio::sync::mpsc::{self, UnboundedReceiver};

/// How long the files must be left alone before a build begins.
const QUIET: Duration = Duration::from_millis(50);

/// The paths that change, from now on, for as long as the watcher lives.
pub fn watch(project: &Project) -> Result<(impl Watcher + use<>, UnboundedReceiver<Vec<PathBuf>>)> {
    let (sender, changes) = mpsc::unbounded_channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // A build opens every source: an access alone is no change. A learner's
        // file is on no page.
        if let Ok(event) = event
            && !event.kind.is_access()
            && (event.paths.is_empty() || !event.paths.iter().all(|path| is_answer(path)))
        {
            let _ = sender.send(event.paths);
        }
    })?;
    for folder in ["src", "examples", "theme", "book.toml", "exercises"] {
        let path = project.root.join(folder);
        if path.exists() {
            watcher.watch(&path, RecursiveMode::Recursive)?;
        }
    }
    Ok((watcher, changes))
}

/// Rebuilds the site after every change, and tells the open pages.
pub async fn follow(
    mut changes: UnboundedReceiver<Vec<PathBuf>>,
    project: Project,
    site: PathBuf,
    reload: broadcast::Sender<()>,
) {
    while let Some((changed, programs)) = next_change(&project, &mut changes).await {
        let start = Instant::now();
        match record_and_rebuild(&project, &site, changed, programs).await {
            Ok(()) => {
                let seconds = start.elapsed().as_secs_f32();
                eprintln!(
                    "{}",
                    t(format!("已更新（{seconds:.1} 秒）"), format!("Updated ({seconds:.1} s)"))
                );
                let _ = reload.send(());
            }
            Err(error) => eprintln!(
                "{error:#}\n{}",
                t(
                    "（页面保持原样，改好后会自动更新）",
                    "(the old page stays up; mend this and it follows)"
                )
            ),
        }
    }
}

/// What the next save changes, and the programs among it; `None` if nobody
/// watches any more.
async fn next_change(
    project: &Project,
    changes: &mut UnboundedReceiver<Vec<PathBuf>>,
) -> Option<(Changed, Vec<String>)> {
    let mut paths = changes.recv().await?;
    // One save is several events: wait until they stop.
    while let Ok(Some(more)) = tokio::time::timeout(QUIET, changes.recv()).await {
        paths.extend(more);
    }
    let mut programs = project.programs().unwrap_or_default();
    programs.retain(|name| paths.contains(&project.program(name)));
    let chapters_of = |edition: &Edition| {
        let sources = project.sources(*edition);
        let chapter = |path: &PathBuf| {
            path.starts_with(&sources) && path.extension().is_some_and(|it| it == "md")
        };
        !paths.is_empty() && paths.iter().all(chapter)
    };
    let edition = EDITIONS.into_iter().find(chapters_of);
    Some((edition.map_or(Changed::Anything, Changed::Chapters), programs))
}

/// Records the programs that were saved, and these alone; then rebuilds.
async fn record_and_rebuild(
    project: &Project,
    site: &Path,
    changed: Changed,
    programs: Vec<String>,
) -> Result<()> {
    if !programs.is_empty() {
        let project = project.clone();
        let recording = move || snapshots::record(&project, &programs);
        tokio::task::spawn_blocking(recording).await??;
    }
    rebuild(project, site, changed).await
}

/// Rebuilds the site.
pub async fn rebuild(project: &Project, site: &Path, changed: Changed) -> Result<()> {
    let (project, site) = (project.clone(), site.to_owned());
    tokio::task::spawn_blocking(move || build::build(&project, &site, true, changed)).await?
}
