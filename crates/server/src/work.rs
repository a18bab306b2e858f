//! What a page asks to be done with code: run it, draw it, check it. The work is
//! a job's, in a process of its own; here it is asked for, waited for and ended.

use std::convert::Infallible;
use std::path::PathBuf;
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
use project::locale::{Language, language};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;

use crate::asking::{self, News, Refused, Server};
use crate::pages::Asked;
use crate::turns::{Place, WAITING};

/// How long a job that is ended, or a reader of the last line, is waited for.
const GRACE: Duration = Duration::from_secs(5);

/// How long a line of a job's answer may be: a drawn trace is one.
const LONGEST: u64 = 64 << 20;

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
) -> Result<Response, Refused> {
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
) -> Result<Response, Refused> {
    ask(server, Of::Program, name, request, |wish: Wish| (Kind::Trace, wish)).await
}

/// Checks the answer to an exercise, as it lies on the disk.
pub async fn check(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Refused> {
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
) -> Result<Response, Refused> {
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
) -> Result<Response, Refused> {
    let asked = Asked::of(&request);
    match of {
        Of::Program if server.project.expect_program(&name).is_err() => {
            let words = ["这本书里没有这个程序。", "This book has no such program."];
            return Err(asked.refuse(StatusCode::NOT_FOUND, &words.map(str::to_owned)).into());
        }
        Of::Program => {}
        Of::Exercise => drop(asking::exercise(asked, &server.project, &name)?),
    }
    let (kind, wish) = wanted(asking::body(asked, request).await?);
    begin(server, asked, kind, name, wish)
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
fn begin(
    server: Arc<Server>,
    asked: Asked,
    kind: Kind,
    name: String,
    wish: Wish,
) -> Result<Response, Refused> {
    let turns = match kind {
        Kind::Rust | Kind::Python => &server.work.runs,
        _ => &server.work.others,
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
        return Err(response.into());
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
    Ok((headers, Body::from_stream(ReceiverStream::new(receiver))).into_response())
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
    let folder = scratch(&server.project)
        .and_then(|folder| {
            let written = text.map(|text| std::fs::write(folder.path().join(jobs::TEXT), text));
            written.transpose().map(|_| folder)
        })
        .with_context(|| {
            let place = server.project.shown(&jobs_folder(&server.project));
            language.pick(format!("{place} 写不了"), format!("cannot write to {place}"))
        })?;
    let mut child = start(kind, name, language, folder.path())?;
    let stdin = child.stdin.take().context("it is piped")?;
    let input = Input::new(server, stdin);
    let replaced = tokio::select! {
        forwarded = forward(&mut child, &input, answer, language) => forwarded.map(|()| false),
        () = answer.closed() => Ok(false),
        _ = &mut place.replaced => Ok(true),
    };
    // The job ends with its standard input, and all that it started with it.
    drop(input);
    ended(&mut child).await?;
    if replaced? {
        anyhow::bail!(language.pick(
            "这个标签页又有了新的请求，这一个就结束了。",
            "This tab asked for something newer, so this one was ended.",
        ));
    }
    Ok(())
}

/// Waits for the end of a job that has said all, or whose standard input is closed.
async fn ended(child: &mut Child) -> Result<()> {
    let id = child.id();
    let in_time = tokio::time::timeout(GRACE, child.wait()).await.is_ok_and(|it| it.is_ok());
    if !in_time {
        child.kill().await?;
    }
    // Somebody else may have killed it: nothing of it stays.
    if let Some(id) = id
        && child.wait().await?.code().is_none()
    {
        jobs::life::end_session(id);
    }
    Ok(())
}

/// Records a program of the book's that was saved, or its changes; what is told of it is
/// for the terminal.
///
/// # Errors
///
/// It cannot be recorded.
pub async fn record(project: &Project, kind: Kind, name: &str) -> Result<()> {
    let folder = scratch(project)?;
    let mut child = start(kind, name, language(), folder.path())?;
    // The job ends when this is dropped.
    let _stdin = child.stdin.take();
    let mut said = String::new();
    let mut stdout = child.stdout.take().context("it is piped")?;
    stdout.read_to_string(&mut said).await?;
    ended(&mut child).await?;
    let records = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    match records.filter_map(|it| Some(it["error"].as_str()?.to_owned())).next() {
        Some(error) => anyhow::bail!(error),
        None => Ok(()),
    }
}

fn jobs_folder(project: &Project) -> PathBuf {
    project.scratch().join("jobs")
}

/// How old a job's folder is that nobody uses any more.
const LEFT_BEHIND: Duration = Duration::from_secs(60 * 60);

/// Removes the folders of jobs that were killed together with their server.
pub fn sweep(project: &Project) {
    for entry in jobs_folder(project).read_dir().into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|data| data.modified()).map(|at| at.elapsed());
        if matches!(age, Ok(Ok(age)) if age > LEFT_BEHIND) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// A folder for one job.
fn scratch(project: &Project) -> std::io::Result<tempfile::TempDir> {
    let folder = jobs_folder(project);
    std::fs::create_dir_all(&folder)?;
    tempfile::tempdir_in(folder)
}

fn start(kind: Kind, name: &str, language: Language, folder: &std::path::Path) -> Result<Child> {
    let own = own_path()?;
    let mut command = Command::new(own);
    command
        .args(jobs::words(kind, name, language))
        .arg(folder)
        .env(project::locale::LANGUAGE, language.pick("zh", "en"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    for name in ["TMPDIR", "TEMP", "TMP"] {
        command.env(name, folder);
    }
    // The book's own place for it is none that a page's program may write to.
    if !kind.is_the_authors() && std::env::var_os(DATABASE).is_none() {
        command.env(DATABASE, database(kind));
    }
    command.spawn().with_context(|| own.display().to_string())
}

/// Names the database of the program `database`.
const DATABASE: &str = "DATABASE_URL";

/// One in the folder that the program stands in, as sqlx or SQLAlchemy spells it.
fn database(kind: Kind) -> &'static str {
    if kind == Kind::Python { "sqlite:///users.db" } else { "sqlite:users.db?mode=rwc" }
}

/// Hands on what the job says, until it has said all.
async fn forward(
    child: &mut Child,
    input: &Input<'_>,
    answer: &Answer,
    language: Language,
) -> Result<()> {
    let mut stdout = BufReader::new(child.stdout.take().context("it is piped")?);
    let mut record = Vec::new();
    while (&mut stdout).take(LONGEST).read_until(b'\n', &mut record).await? > 0 {
        if record.last() != Some(&b'\n') && record.len() as u64 == LONGEST {
            anyhow::bail!(language.pick(
                format!("结果超过 {} MiB，页面画不了。", LONGEST >> 20),
                format!("This came to more than {} MiB, too much for a page.", LONGEST >> 20),
            ));
        }
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
) -> Result<Response, Refused> {
    let asked = Asked::of(&request);
    let typed: Typed = asking::body(asked, request).await?;
    let sender = server.work.typed.lock().expect("no holder panics").get(&number).cloned();
    let Some(sender) = sender else {
        let words = ["这个程序已经结束了。", "This program has ended."];
        return Err(asked.refuse(StatusCode::NOT_FOUND, &words.map(str::to_owned)).into());
    };
    let wanted = typed.text.map(Some).into_iter().chain(typed.end.then_some(None));
    for text in wanted {
        // A program that does not read is not waited for.
        let _ = tokio::time::timeout(GRACE, sender.send(text)).await;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
