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

use crate::asking::{News, Refused, Server, body, done, exercise};
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

/// An answer, or why there is none.
type Answered = Result<Response, Refused>;

/// The learner's file of an exercise, as it is at the moment.
async fn answer(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    request: Request,
) -> Answered {
    let asked = Asked::of(&request);
    let exercise = exercise(asked, &server.project, &name)?;
    let answer = done(asked, move || page::answer(&server.project, &exercise)).await?;
    Ok(uncached(json!(answer)))
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
) -> Answered {
    let asked = Asked::of(&request);
    let exercise = exercise(asked, &server.project, &name)?;
    let New { text, was } = body(asked, request).await?;
    let saved = done(asked, move || page::save(&server.project, &exercise, &text, &was)).await?;
    Ok(match saved {
        Saved::Written(sha) => uncached(json!({ "sha": sha })),
        Saved::Changed(now) => (StatusCode::CONFLICT, uncached(json!(now))).into_response(),
    })
}

/// How far the learner is, chapter by chapter.
async fn progress(State(server): State<Arc<Server>>, request: Request) -> Answered {
    let asked = Asked::of(&request);
    let chapters = done(asked, move || page::progress(&server.project)).await?;
    Ok(uncached(json!({ "chapters": chapters })))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Noted {
    Part { chapter: String, part: Part },
    Clear { clear: bool },
}

/// Remembers a part of a chapter as done, or forgets all of them.
async fn note(State(server): State<Arc<Server>>, request: Request) -> Answered {
    let asked = Asked::of(&request);
    let noted = body(asked, request).await?;
    // Only chapters with an exercise are counted.
    if let Noted::Part { chapter, .. } = &noted {
        exercise(asked, &server.project, chapter)?;
    }
    let project = server.project.clone();
    let noting = move || match noted {
        Noted::Part { chapter, part } => page::note(&project, &chapter, part),
        Noted::Clear { clear: true } => page::clear(&project).map(|()| true),
        Noted::Clear { clear: false } => Ok(false),
    };
    if done(asked, noting).await? {
        server.tell(News::Progress);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
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
