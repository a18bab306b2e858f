//! What all requests share, and how they read what is sent. No path from a page
//! reaches the file system: a name of a program or an exercise does, if the book
//! has it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use exercises::Exercise;
use project::Project;
use project::locale::speaking;
use serde::de::DeserializeOwned;
use tokio::sync::{broadcast, mpsc};

use crate::pages::Asked;
use crate::turns::Turns;

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

/// Why a request is refused, as its answer.
pub struct Refused(Box<Response>);

impl From<Response> for Refused {
    fn from(response: Response) -> Self {
        Refused(Box::new(response))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// How much a request may bring, in bytes: a program is a hundredth of it.
const LARGEST: usize = 256 << 10;

/// The JSON of a request, or why it is refused.
pub async fn body<T: DeserializeOwned>(asked: Asked, request: Request) -> Result<T, Refused> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    // What a form of another page could send is none.
    if kind.and_then(|kind| kind.split(';').next()).map(str::trim) != Some("application/json") {
        let words = [
            "这个地址只接受 JSON；请使用书里的页面。",
            "This address takes JSON alone; use the book's page.",
        ];
        let refusal = asked.refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, &words.map(str::to_owned));
        return Err(refusal.into());
    }
    let bytes = axum::body::to_bytes(request.into_body(), LARGEST).await.map_err(|_| {
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
        asked.refuse(StatusCode::BAD_REQUEST, &words).into()
    })
}

/// The exercise of this name, if the book has it.
pub fn exercise(asked: Asked, project: &Project, name: &str) -> Result<Exercise, Refused> {
    let words = ["这本书里没有这个练习。", "This book has no such exercise."];
    Exercise::named(project, name)
        .map_err(|_| asked.refuse(StatusCode::NOT_FOUND, &words.map(str::to_owned)).into())
}

/// Does what may wait for a disk or a lock, and says what goes wrong in the language of
/// whoever asked.
pub async fn done<T: Send + 'static>(
    asked: Asked,
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> Result<T, Refused> {
    let language = asked.language;
    let done = tokio::task::spawn_blocking(move || speaking(language, work)).await;
    done.map_err(anyhow::Error::from).flatten().map_err(|error| {
        let said = format!("{error:#}");
        asked.refuse(StatusCode::INTERNAL_SERVER_ERROR, &[said.clone(), said]).into()
    })
}

/// What is under way.
pub struct Work {
    /// Programs that run: they mostly wait.
    pub runs: Arc<Turns>,
    /// What compiles and draws.
    pub others: Arc<Turns>,
    /// The standard inputs of the programs that run, by the number of the run.
    pub typed: Mutex<HashMap<u64, mpsc::Sender<Option<String>>>>,
}

impl Work {
    /// None yet.
    pub fn new() -> Work {
        Work { runs: Turns::new(), others: Turns::new(), typed: Mutex::default() }
    }
}
