//! What a page asks to be done with code: run it, draw it, check it. The work is
//! a job's, in a process of its own; here it is asked for, waited for and ended.

use std::convert::Infallible;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jobs::Kind;
use jobs::lanes::Wanted;
use project::Project;
use project::command::own_path;
use project::locale::Language;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;

use crate::asking::{self, News, Server};
use crate::pages::Asked;
use crate::turns::{Place, WAITING};

/// How long a job that is ended, or a reader of the last line, is waited for.
const GRACE: Duration = Duration::from_secs(5);

/// How long a line of a job's answer may be: a drawn trace is one.
const LONGEST: usize = 64 << 20;

/// What a page says of what it wants.
#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    language: Programming,
    text: Option<String>,
    /// The page's tab, by a number that it made up.
    #[serde(default)]
    tab: String,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Programming {
    #[default]
    Rust,
    Python,
}

/// Runs a program of the book's, or an edit of it. A reader who goes away ends the
/// run, or gives up the place in the queue.
pub async fn run(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    ask(server, Of::Program, name, request, |wish: Wish| match wish.language {
        Programming::Rust => (Kind::Rust, wish),
        Programming::Python => (Kind::Python, wish),
    })
    .await
}

/// Draws what a program does, or an edit of it.
pub async fn trace(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    ask(server, Of::Program, name, request, |wish: Wish| (Kind::Trace, wish)).await
}

/// Checks the answer to an exercise, as it lies on the disk.
pub async fn check(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    ask(server, Of::Exercise, name, request, |wish: Wish| {
        (Kind::Check, Wish { text: None, ..wish })
    })
    .await
}

/// Draws what an answer does in a test.
pub async fn lanes(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    ask(server, Of::Exercise, name, request, |InTest { wanted, tab }| {
        let text = Some(json!(wanted).to_string());
        (Kind::Lanes, Wish { language: Programming::Rust, text, tab })
    })
    .await
}

/// What a name in an address is to be.
enum Of {
    Program,
    Exercise,
}

/// Reads what is wanted, and begins it if the book has what it is of.
async fn ask<T: DeserializeOwned>(
    server: Arc<Server>,
    of: Of,
    name: String,
    request: Request,
    wanted: impl FnOnce(T) -> (Kind, Wish),
) -> Response {
    let asked = Asked::of(&request);
    match of {
        Of::Program if server.project.expect_program(&name).is_err() => {
            let words = ["这本书里没有这个程序。", "This book has no such program."];
            return asked.refuse(StatusCode::NOT_FOUND, &words.map(str::to_owned));
        }
        Of::Exercise if asking::exercise(&server.project, &name).is_none() => {
            return asking::no_exercise(asked);
        }
        Of::Program | Of::Exercise => {}
    }
    match asking::body(asked, request).await {
        Ok(body) => {
            let (kind, wish) = wanted(body);
            begin(server, asked, kind, name, wish).await
        }
        Err(refusal) => refusal,
    }
}

/// Which lanes a page wants.
#[derive(Deserialize)]
struct InTest {
    #[serde(flatten)]
    wanted: Wanted,
    #[serde(default)]
    tab: String,
}

/// Gives the work a place, and answers with what its job says.
async fn begin(
    server: Arc<Server>,
    asked: Asked,
    kind: Kind,
    name: String,
    wish: Wish,
) -> Response {
    let turns = match kind {
        Kind::Rust | Kind::Python => &server.work.runs,
        Kind::Trace | Kind::Check | Kind::Lanes => &server.work.others,
    };
    let Some(place) = turns.place(&wish.tab) else {
        let words = [
            format!("已经有 {WAITING} 个请求在排队：等它们结束一些，再试一次。"),
            format!(
                "{WAITING} requests are waiting already: let some of them end, then try again."
            ),
        ];
        let mut response = asked.refuse(StatusCode::SERVICE_UNAVAILABLE, &words);
        response.headers_mut().insert(header::RETRY_AFTER, 5.into());
        return response;
    };
    let (answer, receiver) = mpsc::channel(64);
    tokio::spawn(async move {
        let done = work(&server, asked.language, kind, &name, wish.text, place, &answer).await;
        if let Err(error) = done {
            let record = json!({ "error": format!("{error:#}") });
            let _ = tokio::time::timeout(GRACE, answer.send(Ok(line(&record)))).await;
        }
        if kind == Kind::Check {
            server.tell(News::Progress);
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from_stream(ReceiverStream::new(receiver))).into_response()
}

type Answer = mpsc::Sender<Result<Bytes, Infallible>>;

fn line(record: &serde_json::Value) -> Bytes {
    Bytes::from(format!("{record}\n"))
}

/// Waits for a turn and has the job done. It ends with its reader, and when the tab
/// wants something newer; nothing of it is left then.
async fn work(
    server: &Server,
    language: Language,
    kind: Kind,
    name: &str,
    text: Option<String>,
    mut place: Place,
    answer: &Answer,
) -> Result<()> {
    let _turn = match place.at_once() {
        Some(turn) => turn,
        None => {
            let _ = answer.send(Ok(line(&json!({ "waiting": true })))).await;
            let turn = place.turn();
            tokio::select! {
                turn = turn => turn,
                () = answer.closed() => return Ok(()),
                _ = &mut place.replaced => return Ok(()),
            }
        }
    };
    let folder = scratch(&server.project)?;
    if let Some(text) = text {
        tokio::fs::write(folder.path().join(jobs::TEXT), text).await?;
    }
    let mut child = start(kind, name, language, folder.path())?;
    let stdin = child.stdin.take().context("it is piped")?;
    let input = Input::new(server, stdin);
    let replaced = tokio::select! {
        forwarded = forward(&mut child, &input, answer) => {
            forwarded?;
            false
        }
        () = answer.closed() => false,
        _ = &mut place.replaced => true,
    };
    // The job ends with its standard input, and all that it started with it.
    drop(input);
    if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
        child.kill().await?;
    }
    if replaced {
        anyhow::bail!(language.pick(
            "这个标签页又有了新的请求，这一个就结束了。",
            "This tab asked for something newer, so this one was ended.",
        ));
    }
    Ok(())
}

/// A folder for one job.
fn scratch(project: &Project) -> Result<tempfile::TempDir> {
    let folder = project.scratch().join("jobs");
    std::fs::create_dir_all(&folder)?;
    Ok(tempfile::tempdir_in(folder)?)
}

fn start(kind: Kind, name: &str, language: Language, folder: &std::path::Path) -> Result<Child> {
    let own = own_path()?;
    let mut command = Command::new(own);
    command
        .args(jobs::words(kind, name, language))
        .arg(folder)
        .env(project::locale::LANGUAGE, language.pick("zh", "en"))
        // The book's own place for it is none that a page's program may write to.
        .env(DATABASE, std::env::var_os(DATABASE).unwrap_or_else(|| database(kind).into()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    // Ctrl-C in the terminal is for this process alone.
    #[cfg(unix)]
    command.process_group(0);
    command.spawn().with_context(|| own.display().to_string())
}

/// Names the database of the program `database`.
const DATABASE: &str = "DATABASE_URL";

/// One in the folder that the program stands in, as sqlx or SQLAlchemy spells it.
fn database(kind: Kind) -> &'static str {
    if kind == Kind::Python { "sqlite:///users.db" } else { "sqlite:users.db?mode=rwc" }
}

/// Hands on what the job says, until it has said all.
async fn forward(child: &mut Child, input: &Input<'_>, answer: &Answer) -> Result<()> {
    let mut stdout = BufReader::new(child.stdout.take().context("it is piped")?);
    let mut record = Vec::new();
    while stdout.read_until(b'\n', &mut record).await? > 0 && record.len() < LONGEST {
        let bytes = match record.as_slice() {
            b"{\"started\":true}\n" => line(&json!({ "started": input.number.to_string() })),
            other => Bytes::copy_from_slice(other),
        };
        record.clear();
        if answer.send(Ok(bytes)).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// A job's standard input: what the reader types goes there.
struct Input<'a> {
    server: &'a Server,
    number: u64,
    /// Closes it when it is dropped, whoever may still type.
    _open: oneshot::Sender<()>,
}

impl<'a> Input<'a> {
    fn new(server: &'a Server, mut stdin: ChildStdin) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let (sender, mut typed) = mpsc::channel::<Option<String>>(16);
        server.work.typed.lock().expect("no holder panics").insert(number, sender);
        let (open, mut closed) = oneshot::channel();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = &mut closed => break,
                    Some(text) = typed.recv() => {
                        let line = format!("{}\n", json!(text));
                        if stdin.write_all(line.as_bytes()).await.is_err() {
                            break;
                        }
                    }
                }
            }
        });
        Input { server, number, _open: open }
    }
}

impl Drop for Input<'_> {
    fn drop(&mut self) {
        self.server.work.typed.lock().expect("no holder panics").remove(&self.number);
    }
}

/// What the reader typed for a program that runs.
#[derive(Deserialize)]
struct Typed {
    text: Option<String>,
    #[serde(default)]
    end: bool,
}

/// Hands a program what the reader typed.
pub async fn type_in(
    State(server): State<Arc<Server>>,
    Path(number): Path<u64>,
    request: Request,
) -> Response {
    let asked = Asked::of(&request);
    let typed = match asking::body::<Typed>(asked, request).await {
        Ok(typed) => typed,
        Err(refusal) => return refusal,
    };
    let sender = server.work.typed.lock().expect("no holder panics").get(&number).cloned();
    let Some(sender) = sender else {
        let words = ["这个程序已经结束了。", "This program has ended."];
        return asked.refuse(StatusCode::NOT_FOUND, &words.map(str::to_owned));
    };
    let wanted = typed.text.map(Some).into_iter().chain(typed.end.then_some(None));
    for text in wanted {
        // A program that does not read is not waited for.
        let _ = tokio::time::timeout(GRACE, sender.send(text)).await;
    }
    StatusCode::NO_CONTENT.into_response()
}
