//! The local web server: the built pages, live reload, and what the pages ask for.
//! It runs nothing itself: what does is a job, in a process of its own.
//!
//! - [`listen`]: the address, for IPv4 and IPv6.
//! - [`guard`]: who may ask, and who may run.
//! - [`pages`]: the built site, its headers, and a page for what is wrong.
//! - [`asking`]: what all requests share; [`turns`]: how much is done at once.
//! - [`work`]: the jobs that are asked for; [`api`]: all that is.
//! - [`follow`]: a rebuild at every save.

mod api;
mod asking;
mod follow;
mod guard;
mod listen;
mod pages;
mod turns;
mod work;

use std::convert::Infallible;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use axum::{Router, middleware, serve as axum_serve};
use book::build::{Changed, LIVE_RELOAD, LIVE_RELOAD_ALONE, Served};
use futures::future::try_join_all;
use project::command::own_path;
use project::files::expect_writable;
use project::locale::t;
use project::{EDITIONS, Project};
use tokio::sync::broadcast;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

use crate::asking::{News, Server, Work};
use crate::follow::{follow, rebuild, watch};
use crate::guard::Guard;

pub use crate::listen::DEFAULT_PORT;

/// What the reader asked of the server.
pub struct Options {
    /// The port to listen on; `None` is [`DEFAULT_PORT`] or the next free one.
    pub port: Option<u16>,
    /// Whether to open the reader's browser.
    pub open: bool,
    /// The chapter to open.
    pub chapter: Option<String>,
    /// Whether pages may run code.
    pub run: bool,
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
    let guard = Guard::new(listeners[0].local_addr()?.port(), options.run)?;
    // While there is no other yet: what is built anew lies in another file.
    own_path()?;
    book::change::show_stale();
    work::sweep(&project);
    let (site, _own) = site_of_our_own(&project)?;
    let (_watcher, changes) =
        watch(&project).context(t("无法监视文件", "cannot watch the files"))?;
    let served = if options.run { Served::Running } else { Served::Reloading };
    rebuild(&project, &site, served, Changed::Anything).await?;

    let (news, _) = broadcast::channel(64);
    let server = Arc::new(Server { project, work: Work::new(), news });
    tokio::spawn(follow(changes, server.clone(), site.clone(), served));

    let path = match &options.chapter {
        Some(chapter) => format!("/{}/{chapter}.html", EDITIONS[t(0, 1)].folder),
        None => "/".to_owned(),
    };
    let url = if options.run { guard.address(&path) } else { guard.plain_address(&path) };
    // Terminals make a link of it: a space must end it.
    eprintln!(
        "{}",
        t(
            format!("练习册在 {url} （按 Ctrl-C 停止）"),
            format!("The book is at {url} (Ctrl-C stops it).")
        )
    );
    if options.open
        && let Err(error) = open::that_detached(guard.address_once(&path)?)
    {
        eprintln!(
            "{}",
            t(
                format!("打不开浏览器（{error}）：请自己打开上面的地址。"),
                format!("Could not open a browser ({error}): open the address above yourself."),
            )
        );
    }
    let router = router(guard, server, options.run, &site);
    let serving = listeners.into_iter().map(|listener| {
        let router = router.clone();
        async move { axum_serve(listener, router).await }
    });
    try_join_all(serving).await.context("the server stopped")?;
    Ok(())
}

/// A folder for the pages that no other server has, be it of this book or of another one
/// with the same target folder; it is ours for as long as the lock lives.
fn site_of_our_own(project: &Project) -> Result<(PathBuf, File)> {
    let scratch = project.scratch();
    expect_writable(&scratch)?;
    for number in 1.. {
        let name = if number == 1 { "site".to_owned() } else { format!("site-{number}") };
        let lock = scratch.join(format!("{name}.lock"));
        let lock = File::options().create(true).truncate(false).write(true).open(lock)?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => {}
            // Some network disks know no locks: most readers start one server at a time.
            Ok(()) | Err(TryLockError::Error(_)) => return Ok((scratch.join(name), lock)),
        }
    }
    unreachable!("there are more numbers than servers")
}

fn router(guard: Guard, server: Arc<Server>, run: bool, site: &Path) -> Router {
    let live = Router::new()
        .route(&format!("/{LIVE_RELOAD}"), get(live_reload))
        .route(&format!("/{LIVE_RELOAD_ALONE}"), get(live_reload))
        .with_state(server.news.clone());
    let api = if run { api::routes(server) } else { Router::new() };
    let router = live
        .merge(api)
        .fallback_service(pages::site(site))
        .layer(middleware::from_fn(pages::explain))
        .layer(middleware::from_fn_with_state(Arc::new(guard), guard::guard));
    pages::with_headers(router)
}

async fn live_reload(
    State(news): State<broadcast::Sender<News>>,
) -> Sse<impl tokio_stream::Stream<Item = Result<Event, Infallible>>> {
    let events = BroadcastStream::new(news.subscribe()).map(|news| {
        Ok(match news {
            Ok(News::Answer(name)) => Event::default().event("answer").data(name),
            Ok(News::Progress) => Event::default().event("progress").data("progress"),
            // One that was too slow has missed something.
            Ok(News::Reload) | Err(_) => Event::default().event("reload").data("reload"),
        })
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
