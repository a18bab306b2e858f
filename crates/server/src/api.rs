//! What the pages' scripts ask for: the routes below `/api`.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use book::page::escape;
use practice::page::{self, Part, Saved};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::asking::{News, Server, body, exercise, failed, no_exercise};
use crate::pages::Asked;
use crate::work;

/// The routes.
pub fn routes(server: Arc<Server>) -> Router {
    Router::new()
        .route("/api/programs/{name}/run", post(work::run))
        .route("/api/programs/{name}/trace", post(work::trace))
        .route("/api/runs/{number}/input", post(work::type_in))
        .route("/api/exercises/{name}", get(answer).post(save))
        .route("/api/exercises/{name}/check", post(work::check))
        .route("/api/exercises/{name}/lanes", post(work::lanes))
        .route("/api/progress", get(progress).post(note))
        .route("/api/explanations/{code}", get(explain))
        .with_state(server)
}

/// The learner's file of an exercise, as it is at the moment.
async fn answer(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let asked = Asked::of(&request);
    let Some(exercise) = exercise(&server.project, &name) else { return no_exercise(asked) };
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
    let Some(exercise) = exercise(&server.project, &name) else { return no_exercise(asked) };
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
#[serde(untagged)]
enum Noted {
    Part { chapter: String, part: Part },
    Clear { clear: bool },
}

/// Remembers a part of a chapter as done, or forgets all of them.
async fn note(State(server): State<Arc<Server>>, request: Request) -> Response {
    let asked = Asked::of(&request);
    let noted = match body(asked, request).await {
        Ok(noted) => noted,
        Err(refusal) => return refusal,
    };
    // Only chapters with an exercise are counted.
    if let Noted::Part { chapter, .. } = &noted
        && exercise(&server.project, chapter).is_none()
    {
        return no_exercise(asked);
    }
    let project = server.project.clone();
    let noting = tokio::task::spawn_blocking(move || match noted {
        Noted::Part { chapter, part } => page::note(&project, &chapter, part),
        Noted::Clear { clear } => {
            if clear {
                page::clear(&project)?;
            }
            Ok(clear)
        }
    });
    match noting.await {
        Ok(Ok(changed)) => {
            if changed {
                server.tell(News::Progress);
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
