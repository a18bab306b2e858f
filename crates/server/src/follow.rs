//! Rebuilds the site at every save, and tells the open pages.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use book::build::{self, Changed, Served};
use exercises::{is_answer, touched};
use jobs::Kind;
use notify::{RecursiveMode, Watcher};
use project::locale::t;
use project::{EDITIONS, Edition, Project};
use tokio::sync::mpsc::{self, UnboundedReceiver};

use crate::asking::{News, Server};
use crate::work;

/// How long the files must be left alone before a build begins.
const QUIET: Duration = Duration::from_millis(50);

/// The paths that change, from now on, for as long as the watcher lives.
pub fn watch(project: &Project) -> Result<(impl Watcher + use<>, UnboundedReceiver<Vec<PathBuf>>)> {
    let (sender, changes) = mpsc::unbounded_channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // A build opens every source: an access alone is no change.
        if let Ok(event) = event
            && !event.kind.is_access()
        {
            let _ = sender.send(event.paths);
        }
    })?;
    let folders = ["src", "examples", "theme", "book.toml", "exercises"];
    let folders = folders.map(|folder| project.root.join(folder));
    for path in folders.into_iter().chain([practice::folder(project)]) {
        if path.exists() {
            watcher.watch(&path, RecursiveMode::Recursive)?;
        }
    }
    Ok((watcher, changes))
}

/// Rebuilds the site after every change, and tells the open pages.
pub async fn follow(
    mut changes: UnboundedReceiver<Vec<PathBuf>>,
    server: Arc<Server>,
    site: PathBuf,
    served: Served,
) {
    // Programs whose changes are still to be recorded.
    let mut left = BTreeSet::new();
    loop {
        let first = tokio::select! {
            paths = changes.recv() => paths,
            recorded = record_changes(&server.project, &left), if !left.is_empty() => {
                left.clear();
                let done = match recorded {
                    Ok(()) => rebuild(&server.project, &site, served, Changed::Anything).await,
                    error => error,
                };
                match done {
                    Ok(()) => server.tell(News::Reload),
                    Err(error) => eprintln!("{error:#}"),
                }
                continue;
            }
        };
        let Some(first) = first else { return };
        let paths = all_of_a_save(first, &mut changes).await;
        let Some(paths) = tell_of_the_learners(&server, paths) else { continue };
        let start = Instant::now();
        match record_and_rebuild(&server.project, &site, served, &paths).await {
            Ok(programs) => {
                let seconds = start.elapsed().as_secs_f32();
                eprintln!(
                    "{}",
                    t(format!("已更新（{seconds:.1} 秒）"), format!("Updated ({seconds:.1} s)"))
                );
                server.tell(News::Reload);
                left.extend(programs);
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

/// The paths of a save whose first event is this one.
async fn all_of_a_save(
    mut paths: Vec<PathBuf>,
    changes: &mut UnboundedReceiver<Vec<PathBuf>>,
) -> Vec<PathBuf> {
    // One save is several events: wait until they stop.
    while let Ok(Some(more)) = tokio::time::timeout(QUIET, changes.recv()).await {
        paths.extend(more);
    }
    paths
}

/// Tells the pages what a learner has changed, which is on none of them; the other
/// paths, if it was not that alone.
fn tell_of_the_learners(server: &Server, mut paths: Vec<PathBuf>) -> Option<Vec<PathBuf>> {
    let project = &server.project;
    let (exercises, own) = (project.root.join("exercises"), practice::folder(project));
    let answers: BTreeSet<String> = paths
        .iter()
        .filter(|path| is_answer(path))
        .filter_map(|path| touched(&exercises, path))
        .collect();
    if paths.iter().any(|path| path.starts_with(&own)) {
        server.tell(News::Progress);
    }
    for name in answers {
        server.tell(News::Answer(name));
    }
    let is_somebodys_elses = paths.is_empty();
    paths.retain(|path| !is_answer(path) && !path.starts_with(&own));
    (is_somebodys_elses || !paths.is_empty()).then_some(paths)
}

/// What a save changes: anything, if nobody knows the paths.
fn changed(project: &Project, paths: &[PathBuf]) -> Changed {
    let chapters_of = |edition: &Edition| {
        let sources = project.sources(*edition);
        let chapter = |path: &PathBuf| {
            path.starts_with(&sources) && path.extension().is_some_and(|it| it == "md")
        };
        !paths.is_empty() && paths.iter().all(chapter)
    };
    EDITIONS.into_iter().find(chapters_of).map_or(Changed::Anything, Changed::Chapters)
}

/// Records the programs that were saved, and these alone; then rebuilds. Their changes,
/// which can take as long as the programs do, are still to be recorded.
async fn record_and_rebuild(
    project: &Project,
    site: &Path,
    served: Served,
    paths: &[PathBuf],
) -> Result<Vec<String>> {
    let mut programs = project.programs().unwrap_or_default();
    programs.retain(|name| paths.contains(&project.program(name)));
    for name in &programs {
        work::record(project, Kind::Record, name).await?;
    }
    rebuild(project, site, served, changed(project, paths)).await?;
    Ok(programs)
}

/// Records what pages propose to change in these programs. To drop the future is to stop.
async fn record_changes(project: &Project, programs: &BTreeSet<String>) -> Result<()> {
    for name in programs {
        work::record(project, Kind::Changes, name).await?;
    }
    Ok(())
}

/// Rebuilds the site.
pub async fn rebuild(
    project: &Project,
    site: &Path,
    served: Served,
    changed: Changed,
) -> Result<()> {
    let (project, site) = (project.clone(), site.to_owned());
    tokio::task::spawn_blocking(move || build::build(&project, &site, served, changed)).await?
}
