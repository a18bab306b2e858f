//! The local web server: the built pages, live reload, and the Run button. It knows
//! nothing of exercises but which file is the learner's.
//!
//! - [`listen`]: the address, for IPv4 and IPv6.
//! - [`guard`]: who may ask, and who may run.
//! - [`pages`]: the built site, its headers, and a page for what is wrong.
//! - [`runs`]: the Run button, its queue and its limits.
//! - [`follow`]: a rebuild at every save.

mod follow;
mod guard;
mod listen;
mod pages;
mod runs;

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::{get, post};
use axum::{Router, middleware, serve as axum_serve};
use book::build::{Changed, LIVE_RELOAD};
use futures::future::try_join_all;
use project::locale::t;
use project::{EDITIONS, Project};
use tokio::sync::broadcast;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

use crate::follow::{follow, rebuild, watch};
use crate::guard::Guard;
use crate::runs::Runs;

pub use crate::listen::DEFAULT_PORT;

/// What the reader asked of the server.
pub struct Options {
    /// The port to listen on; `None` is [`DEFAULT_PORT`] or the next free one.
    pub port: Option<u16>,
    /// Whether to open the reader's browser.
    pub open: bool,
    /// The chapter to open.
    pub chapter: Option<String>,
}

/// Builds the book, serves it and rebuilds it at every change, until Ctrl-C.
///
/// # Errors
///
/// The port is taken, or the first build fails.
pub async fn serve(project: Project, options: Options) -> Result<()> {
    if let Some(chapter) = &options.chapter {
        project.expect_page(chapter)?;
    }
    let listeners = listen::bind(options.port).await?;
    let guard = Guard::new(listeners[0].local_addr()?.port())?;
    let site = project.scratch().join("site");
    let (_watcher, changes) =
        watch(&project).context(t("无法监视文件", "cannot watch the files"))?;
    rebuild(&project, &site, Changed::Anything).await?;

    let (reload, _) = broadcast::channel(1);
    let runs = Runs::new(project.clone());
    tokio::spawn(follow(changes, project.clone(), site.clone(), reload.clone()));

    let path = match &options.chapter {
        Some(chapter) => format!("/{}/{chapter}.html", EDITIONS[t(0, 1)].folder),
        None => "/".to_owned(),
    };
    let url = guard.address(&path);
    // Terminals make a link of it: a space must end it.
    eprintln!(
        "{}",
        t(
            format!("练习册在 {url} （按 Ctrl-C 停止）"),
            format!("The book is at {url} (Ctrl-C stops it).")
        )
    );
    if options.open
        && let Err(error) = open::that_detached(&url)
    {
        eprintln!(
            "{}",
            t(
                format!("打不开浏览器（{error}）：请自己打开上面的地址。"),
                format!("Could not open a browser ({error}): open the address above yourself."),
            )
        );
    }
    let router = router(guard, runs, reload, &site);
    let serving = listeners.into_iter().map(|listener| {
        let router = router.clone();
        async move { axum_serve(listener, router).await }
    });
    try_join_all(serving).await.context("the server stopped")?;
    Ok(())
}

fn router(guard: Guard, runs: Runs, reload: broadcast::Sender<()>, site: &Path) -> Router {
    let live = Router::new().route(&format!("/{LIVE_RELOAD}"), get(live_reload)).with_state(reload);
    let runs = Router::new().route("/run/{name}", post(runs::run)).with_state(Arc::new(runs));
    let router = live
        .merge(runs)
        .fallback_service(pages::site(site))
        .layer(middleware::from_fn(pages::explain))
        .layer(middleware::from_fn_with_state(Arc::new(guard), guard::guard));
    pages::with_headers(router)
}

async fn live_reload(
    State(reload): State<broadcast::Sender<()>>,
) -> Sse<impl tokio_stream::Stream<Item = Result<Event, Infallible>>> {
    let reloads = BroadcastStream::new(reload.subscribe())
        .map(|_| Ok(Event::default().event("reload").data("reload")));
    Sse::new(reloads).keep_alive(KeepAlive::default())
}
