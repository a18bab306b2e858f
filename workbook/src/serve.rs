//! The local web server: the built pages, live reload, and the Run button.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::body::{Body, Bytes};
use axum::extract::{Path as UrlPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, serve as axum_serve};
use notify::{RecursiveMode, Watcher};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::{broadcast, mpsc};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::{BroadcastStream, ReceiverStream};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::build::{self, Changed, LIVE_RELOAD};
use crate::learner::exercise::is_answer;
use crate::locale::t;
use crate::programs;
use crate::project::{EDITIONS, Edition, Project};
use crate::recordings;

/// The port without `--port`: this one, or the next free one after it.
pub const DEFAULT_PORT: u16 = 3000;

/// How many ports are tried from [`DEFAULT_PORT`] on.
const TRIES: u16 = 100;

/// How long the files must be left alone before a build begins.
const QUIET: Duration = Duration::from_millis(50);

/// What the reader asked of the server.
pub struct Options {
    /// The port to listen on; `None` is [`DEFAULT_PORT`] or the next free one.
    pub port: Option<u16>,
    /// Whether to open the reader's browser.
    pub open: bool,
    /// The chapter to open.
    pub chapter: Option<String>,
}

#[derive(Clone)]
struct Server {
    project: Project,
    reload: broadcast::Sender<()>,
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
    let listener = bind(options.port).await?;
    let address = listener.local_addr()?;
    let site = project.scratch().join("site");
    let (_watcher, changes) =
        watch(&project).context(t("无法监视文件", "cannot watch the files"))?;
    rebuild(&project, &site, Changed::Anything).await?;

    let (reload, _) = broadcast::channel(1);
    let server = Server { project: project.clone(), reload: reload.clone() };
    tokio::spawn(follow(changes, project.clone(), site.clone(), reload));

    let url = match &options.chapter {
        Some(chapter) => {
            let edition = EDITIONS[t(0, 1)];
            format!("http://{address}/{}/{chapter}.html", edition.folder)
        }
        None => format!("http://{address}/"),
    };
    eprintln!(
        "{}",
        t(
            format!("练习册在 {url}，按 Ctrl-C 停止。"),
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
    axum_serve(listener, router(server, &site)).await.context("the server stopped")
}

/// Listens on the wanted port, or on the first free one from the default on.
async fn bind(port: Option<u16>) -> Result<TcpListener> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    if let Some(port) = port {
        return TcpListener::bind(at(port)).await.map_err(|error| {
            anyhow::anyhow!(t(
                format!("端口 {port} 用不了（{error}）；请换一个 --port，或去掉它。"),
                format!(
                    "Port {port} cannot be used ({error}); choose another --port, or leave it out."
                ),
            ))
        });
    }
    for port in DEFAULT_PORT..DEFAULT_PORT + TRIES {
        if let Ok(listener) = TcpListener::bind(at(port)).await {
            if port != DEFAULT_PORT {
                eprintln!(
                    "{}",
                    t(
                        format!("端口 {DEFAULT_PORT} 已被占用，改用 {port}。"),
                        format!("Port {DEFAULT_PORT} is taken; using {port}."),
                    )
                );
            }
            return Ok(listener);
        }
    }
    bail!(t(
        format!("从 {DEFAULT_PORT} 起的 {TRIES} 个端口都被占用；请用 --port 指定一个。"),
        format!("The {TRIES} ports from {DEFAULT_PORT} on are all taken; name one with --port."),
    ))
}

fn router(server: Server, site: &Path) -> Router {
    let fresh = HeaderValue::from_static("no-cache");
    let pages = Router::new()
        .fallback_service(ServeDir::new(site))
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, fresh))
        .layer(CompressionLayer::new());
    Router::new()
        .route(&format!("/{LIVE_RELOAD}"), get(live_reload))
        .route("/zh/live-reload", get(live_reload))
        .route("/run/{name}", post(run))
        .fallback_service(pages)
        .layer(middleware::from_fn(local_only))
        .with_state(server)
}

/// Answers only requests that name this machine, so that no foreign page can
/// reach the server through a name of its own.
async fn local_only(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let name = host.map(|host| host.rsplit_once(':').map_or(host, |(name, _)| name));
    let foreign = request
        .headers()
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site" && request.method() != "GET");
    if foreign || !matches!(name, Some("127.0.0.1" | "localhost")) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

async fn live_reload(
    State(server): State<Server>,
) -> Sse<impl tokio_stream::Stream<Item = Result<Event, Infallible>>> {
    let reloads = BroadcastStream::new(server.reload.subscribe())
        .map(|_| Ok(Event::default().event("reload").data("reload")));
    Sse::new(reloads).keep_alive(KeepAlive::default())
}

/// Runs an example as it is and streams what it prints, as it prints it. The
/// last line is a record separator (U+001E) and a JSON object: the exit code.
async fn run(State(server): State<Server>, UrlPath(name): UrlPath<String>) -> Response {
    let project = server.project;
    let found = tokio::task::spawn_blocking(move || programs::executable(&project, &name)).await;
    let executable = match found.expect("finding an executable does not panic") {
        Ok(executable) => executable,
        Err(error) => return (StatusCode::NOT_FOUND, format!("{error:#}")).into_response(),
    };
    let child = tokio::process::Command::new(executable)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let (sender, receiver) = mpsc::channel::<Result<Bytes, Infallible>>(16);
    tokio::spawn(async move {
        let end = match child {
            Ok(mut child) => {
                // When the reader presses Stop, the receiver is gone: drop the child.
                let end = tokio::select! {
                    end = forward(&mut child, &sender) => end,
                    _ = sender.closed() => return,
                    _ = tokio::time::sleep(programs::LIMIT) => Err(anyhow::anyhow!("time limit")),
                };
                end.map_or_else(
                    |error| serde_json::json!({ "error": error.to_string() }),
                    |code| serde_json::json!({ "code": code }),
                )
            }
            Err(error) => serde_json::json!({ "error": error.to_string() }),
        };
        let _ = sender.send(Ok(Bytes::from(format!("\u{1e}{end}")))).await;
    });
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(ReceiverStream::new(receiver))).into_response()
}

async fn forward(
    child: &mut tokio::process::Child,
    sender: &mpsc::Sender<Result<Bytes, Infallible>>,
) -> Result<Option<i32>> {
    let mut stdout = child.stdout.take().context("stdout is piped")?;
    let mut buffer = [0; 4096];
    loop {
        let count = stdout.read(&mut buffer).await?;
        if count == 0 {
            return Ok(child.wait().await?.code());
        }
        sender.send(Ok(Bytes::copy_from_slice(&buffer[..count]))).await?;
    }
}

/// The paths that change, from now on, for as long as the watcher lives.
fn watch(project: &Project) -> Result<(impl Watcher + use<>, UnboundedReceiver<Vec<PathBuf>>)> {
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
async fn follow(
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
        let recording = move || recordings::record(&project, &programs);
        tokio::task::spawn_blocking(recording).await??;
    }
    rebuild(project, site, changed).await
}

async fn rebuild(project: &Project, site: &Path, changed: Changed) -> Result<()> {
    let (project, site) = (project.clone(), site.to_owned());
    tokio::task::spawn_blocking(move || build::build(&project, &site, true, changed)).await?
}
