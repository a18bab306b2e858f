//! The Run button: an example as it is, what it prints as it prints it.
//!
//! As many run at once as the machine has cores; [`WAITING`] more wait for their
//! turn, first come, first served; whoever comes then is told so.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::{Body, Bytes};
use axum::extract::{Path as UrlPath, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use programs::{compile, supervised};
use project::Project;
use project::command::own_path;
use project::locale::Language;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use crate::pages::Asked;

/// How many runs wait for their turn at most.
pub const WAITING: usize = 16;

/// How much one run may print, in bytes.
const MOST: usize = 1 << 20;

/// How long a killed run, or a reader of the last line, is waited for.
const GRACE: Duration = Duration::from_secs(5);

/// The runs under way, and those that wait.
pub struct Runs {
    project: Project,
    /// To run or to wait.
    places: Arc<Semaphore>,
    /// To run. (Tokio's semaphores are fair.)
    turns: Arc<Semaphore>,
}

/// What a run holds for as long as it may run.
type Turn = (OwnedSemaphorePermit, OwnedSemaphorePermit);

impl Runs {
    /// Room for as many runs as there are cores.
    pub fn new(project: Project) -> Runs {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let room = |permits| Arc::new(Semaphore::new(permits));
        Runs { project, places: room(cores + WAITING), turns: room(cores) }
    }

    /// Waits for a turn; none if too many wait already.
    async fn turn(&self) -> Option<Turn> {
        let place = self.places.clone().try_acquire_owned().ok()?;
        let turn = self.turns.clone().acquire_owned().await.expect("it is never closed");
        Some((place, turn))
    }
}

/// Runs an example. The answer begins with its turn. Lines that begin with a record
/// separator (U+001E) are JSON objects: what cargo compiles, that the program was
/// started, and at last its exit code or an error; between the last two stands what
/// it prints. A reader who goes away ends the run, or gives up the place in the queue.
pub async fn run(
    State(runs): State<Arc<Runs>>,
    UrlPath(name): UrlPath<String>,
    request: Request,
) -> Response {
    let asked = Asked::of(&request);
    if !runs.project.programs().is_ok_and(|known| known.contains(&name)) {
        let words = ["这本书里没有这个程序。", "This book has no such program."];
        return asked.refuse(StatusCode::NOT_FOUND, &words.map(str::to_owned));
    }
    let Some(turn) = runs.turn().await else {
        let words = [
            format!("已经有 {WAITING} 个程序在排队：等它们结束一些，再按“运行”。"),
            format!(
                "{WAITING} programs are waiting already: let some of them end, then press Run again."
            ),
        ];
        let mut response = asked.refuse(StatusCode::SERVICE_UNAVAILABLE, &words);
        response.headers_mut().insert(header::RETRY_AFTER, 5.into());
        return response;
    };
    let (sender, receiver) = mpsc::channel(16);
    tokio::spawn(async move {
        let end = match compiled(&runs, name, turn, &sender).await {
            (Ok(executable), turn) => {
                let end = finish(&executable, &sender, asked.language).await;
                drop(turn);
                end
            }
            (Err(error), _) => Err(error),
        };
        let end = match end {
            Ok(code) => serde_json::json!({ "code": code }),
            Err(error) => serde_json::json!({ "error": format!("{error:#}") }),
        };
        let _ = tokio::time::timeout(GRACE, sender.send(Ok(record(&end)))).await;
    });
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(ReceiverStream::new(receiver))).into_response()
}

/// A line of the answer that is not the program's.
fn record(what: &serde_json::Value) -> Bytes {
    Bytes::from(format!("\u{1e}{what}\n"))
}

/// The program's executable; the page is told what cargo says meanwhile. The turn
/// goes along: a compilation goes on when its reader has gone.
async fn compiled(
    runs: &Runs,
    name: String,
    turn: Turn,
    sender: &mpsc::Sender<Result<Bytes, Infallible>>,
) -> (Result<PathBuf>, Turn) {
    let (project, sender) = (runs.project.clone(), sender.clone());
    let compiling = move || {
        let tell = |line: &str| {
            if line.starts_with("Compiling") || line.starts_with("Blocking") {
                let _ = sender.try_send(Ok(record(&serde_json::json!({ "cargo": line }))));
            }
        };
        (compile::executable(&project, &name, tell), turn)
    };
    let compiled = tokio::task::spawn_blocking(compiling).await;
    compiled.expect("finding an executable does not panic")
}

/// Runs it to whatever end.
async fn finish(
    executable: &Path,
    sender: &mpsc::Sender<Result<Bytes, Infallible>>,
    language: Language,
) -> Result<Option<i32>> {
    let child = start(executable)?;
    let _ = sender.send(Ok(record(&serde_json::json!({ "started": true })))).await;
    follow(child, sender, language).await
}

/// Starts a program below a process that ends it, with all that it started,
/// when our end of its standard input closes: when the run is over, and also
/// when this process ends in whatever way.
fn start(executable: &Path) -> Result<Child> {
    let mut command = Command::new(own_path()?);
    command
        .arg(supervised::COMMAND)
        .arg(executable)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    // Ctrl-C in the terminal is for this process alone.
    #[cfg(unix)]
    command.process_group(0);
    command.spawn().with_context(|| executable.display().to_string())
}

/// Forwards what a run prints until it ends, is stopped, or breaks a limit.
/// Nothing of it is left then.
async fn follow(
    mut child: Child,
    sender: &mpsc::Sender<Result<Bytes, Infallible>>,
    language: Language,
) -> Result<Option<i32>> {
    let end = tokio::select! {
        end = forward(&mut child, sender, language) => end,
        () = sender.closed() => Err(anyhow::anyhow!("stopped")),
        () = tokio::time::sleep(compile::LIMIT) => {
            let seconds = compile::LIMIT.as_secs();
            Err(anyhow::anyhow!(language.pick(
                format!("超过 {seconds} 秒，已停止。"),
                format!("It ran longer than {seconds} s and was stopped."),
            )))
        }
    };
    drop(child.stdin.take());
    if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
        child.kill().await?;
    }
    end
}

async fn forward(
    child: &mut Child,
    sender: &mpsc::Sender<Result<Bytes, Infallible>>,
    language: Language,
) -> Result<Option<i32>> {
    let mut stdout = child.stdout.take().context("stdout is piped")?;
    let mut buffer = [0; 4096];
    let mut printed = 0;
    loop {
        let count = stdout.read(&mut buffer).await?;
        if count == 0 {
            return Ok(child.wait().await?.code());
        }
        printed += count;
        if printed > MOST {
            anyhow::bail!(language.pick(
                format!("输出超过 {} KiB，已停止。", MOST >> 10),
                format!("It printed more than {} KiB and was stopped.", MOST >> 10),
            ));
        }
        sender.send(Ok(Bytes::copy_from_slice(&buffer[..count]))).await?;
    }
}
