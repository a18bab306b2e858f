//! What the pages' scripts ask for: the routes below `/api`, and how they read what
//! is sent. No path from a page reaches the file system: a name of a program or an
//! exercise does, if the book has it.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, body};
use exercises::Exercise;
use practice::page::{self, Part, Saved};
use project::Project;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use crate::pages::{Asked, escape};
use crate::work::{self, Work};

/// What all requests share.
pub struct Server {
    /// The book.
    pub project: Project,
    /// What is under way.
    pub work: Work,
    /// To the open pages.
    pub news: broadcast::Sender<News>,
}

/// What the open pages are told.
#[derive(Clone, Debug)]
pub enum News {
    /// The book was built again.
    Reload,
    /// The learner's file of this exercise is another.
    Answer(String),
    /// The learner has got further.
    Progress,
}

impl Server {
    /// Tells the open pages, if there are any.
    pub fn tell(&self, news: News) {
        let _ = self.news.send(news);
    }
}

/// How much a request may bring, in bytes: a program is a hundredth of it.
const LARGEST: usize = 256 << 10;

/// The routes.
pub fn routes(server: Arc<Server>) -> Router {
    Router::new()
        .route("/api/programs/{name}/run", post(work::run))
        .route("/api/programs/{name}/trace", post(work::trace))
        .route("/api/runs/{number}/input", post(work::type_in))
        .route("/api/exercises/{name}", get(answer).post(save))
        .route("/api/exercises/{name}/check", post(work::check))
        .route("/api/progress", get(progress).post(note))
        .route("/api/explanations/{code}", get(explain))
        .with_state(server)
}

/// The JSON of a request, or why it is refused.
pub async fn body<T: DeserializeOwned>(asked: Asked, request: Request) -> Result<T, Response> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    // What a form of another page could send is none.
    if kind.and_then(|kind| kind.split(';').next()).map(str::trim) != Some("application/json") {
        let words = [
            "这个地址只接受 JSON；请使用书里的页面。",
            "This address takes JSON alone; use the book's page.",
        ];
        return Err(asked.refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, &words.map(str::to_owned)));
    }
    let bytes = body::to_bytes(request.into_body(), LARGEST).await.map_err(|_| {
        let words = [
            format!("内容超过 {} KiB，没有接收。", LARGEST >> 10),
            format!("This is more than {} KiB, and was not taken.", LARGEST >> 10),
        ];
        asked.refuse(StatusCode::PAYLOAD_TOO_LARGE, &words)
    })?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let words = [
            format!("看不懂这个请求（{error}）；请刷新页面再试。"),
            format!("This request cannot be understood ({error}); reload the page and try again."),
        ];
        asked.refuse(StatusCode::BAD_REQUEST, &words)
    })
}

/// Refuses a name that is no exercise.
pub fn expect_exercise(project: &Project, asked: Asked, name: &str) -> Result<Exercise, Response> {
    let known = project.exercises().is_ok_and(|known| known.iter().any(|it| it == name));
    let exercise = known.then(|| Exercise::named(project, name).ok()).flatten();
    exercise.ok_or_else(|| {
        let words = ["这本书里没有这个练习。", "This book has no such exercise."];
        asked.refuse(StatusCode::NOT_FOUND, &words.map(str::to_owned))
    })
}

fn failed(asked: Asked, error: &anyhow::Error) -> Response {
    let said = format!("{error:#}");
    asked.refuse(StatusCode::INTERNAL_SERVER_ERROR, &[said.clone(), said])
}

/// The learner's file of an exercise, as it is at the moment.
async fn answer(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let asked = Asked::of(&request);
    let exercise = match expect_exercise(&server.project, asked, &name) {
        Ok(exercise) => exercise,
        Err(refusal) => return refusal,
    };
    match page::answer(&server.project, &exercise) {
        Ok(answer) => uncached(json!(answer)),
        Err(error) => failed(asked, &error),
    }
}

#[derive(Deserialize)]
struct New {
    text: String,
    was: String,
}

/// Saves the learner's file, if nobody else has changed it since the page read it.
async fn save(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let asked = Asked::of(&request);
    let exercise = match expect_exercise(&server.project, asked, &name) {
        Ok(exercise) => exercise,
        Err(refusal) => return refusal,
    };
    let New { text, was } = match body(asked, request).await {
        Ok(new) => new,
        Err(refusal) => return refusal,
    };
    match page::save(&server.project, &exercise, &text, &was) {
        Ok(Saved::Written(sha)) => uncached(json!({ "sha": sha })),
        Ok(Saved::Changed(now)) => (StatusCode::CONFLICT, uncached(json!(now))).into_response(),
        Err(error) => failed(asked, &error),
    }
}

/// How far the learner is, chapter by chapter.
async fn progress(State(server): State<Arc<Server>>, request: Request) -> Response {
    match page::progress(&server.project) {
        Ok(chapters) => uncached(json!({ "chapters": chapters })),
        Err(error) => failed(Asked::of(&request), &error),
    }
}

#[derive(Deserialize)]
struct Noted {
    chapter: String,
    part: Part,
}

/// Remembers a part of a chapter as done.
async fn note(State(server): State<Arc<Server>>, request: Request) -> Response {
    let asked = Asked::of(&request);
    let Noted { chapter, part } = match body(asked, request).await {
        Ok(noted) => noted,
        Err(refusal) => return refusal,
    };
    // Only chapters with an exercise are counted.
    if let Err(refusal) = expect_exercise(&server.project, asked, &chapter) {
        return refusal;
    }
    let (project, told) = (server.project.clone(), server.clone());
    let noting = tokio::task::spawn_blocking(move || page::note(&project, &chapter, part));
    match noting.await {
        Ok(Ok(changed)) => {
            if changed {
                told.tell(News::Progress);
            }
            StatusCode::NO_CONTENT.into_response()
        }
        Ok(Err(error)) => failed(asked, &error),
        Err(error) => failed(asked, &error.into()),
    }
}

/// rustc's own explanation of an error, which needs no network.
async fn explain(Path(code): Path<String>, request: Request) -> Response {
    let asked = Asked::of(&request);
    let digits = code.strip_prefix('E').unwrap_or_default();
    let is_code = digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit());
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = match is_code {
        true => tokio::process::Command::new(rustc).args(["--explain", &code]).output().await.ok(),
        false => None,
    };
    let Some(said) = said.filter(|said| said.status.success()) else {
        let words = [
            format!("rustc 没有对 {code} 的说明。"),
            format!("rustc has no explanation of {code}."),
        ];
        return asked.refuse(StatusCode::NOT_FOUND, &words.map(|words| escape(&words)));
    };
    let text = String::from_utf8_lossy(&said.stdout);
    let body = format!("<h1>{code}</h1>\n<pre>{}</pre>", escape(&text));
    asked.page(StatusCode::OK, &code, &body)
}

fn uncached(value: Value) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(value)).into_response()
}
