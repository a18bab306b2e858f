//! A web site on this machine, for programs that fetch: real pages and pictures
//! over real HTTP, and nothing to install. Its files are in `website/`, where
//! `__init__.py` is the same site for the Python programs.
//!
//! It runs on a thread and a runtime of its own, as another computer would, and
//! ends with the program. Its files take their time, so that it is known which
//! answer ends first, and two of them cause trouble at the first visit.

use std::{
    collections::HashSet,
    convert::Infallible,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use futures::{Stream, stream};
use reqwest::{Client, ClientBuilder};
use tokio::{net::TcpListener, runtime, time::sleep};

/// The name under which programs ask for it. No DNS server knows it: `.test` is
/// reserved for this (RFC 6761).
pub const HOST: &str = "workbook.test";

/// Its first page.
pub const URL: &str = "http://workbook.test/";

/// Its pictures.
pub const IMAGES: [&str; 3] = [
    "http://workbook.test/image1.png",
    "http://workbook.test/image2.png",
    "http://workbook.test/image3.png",
];

/// A client that finds the site, which is started for it, and asks no proxy.
///
/// # Errors
///
/// The system gives no socket on 127.0.0.1 or no thread.
pub fn client() -> io::Result<ClientBuilder> {
    Ok(Client::builder().resolve(HOST, start()?).no_proxy())
}

/// Starts the site and returns its address.
///
/// # Errors
///
/// The system gives no socket on 127.0.0.1 or no thread.
pub fn start() -> io::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    thread::Builder::new().name("site".into()).spawn(move || {
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).expect("a runtime with I/O");
            let visited = Arc::new(Visited::default());
            let router = Router::new().fallback(answer).with_state(visited);
            axum::serve(listener, router).await
        })
    })?;
    Ok(address)
}

/// The paths that were asked for.
type Visited = Mutex<HashSet<&'static str>>;

/// A file of the site.
struct File {
    path: &'static str,
    kind: &'static str,
    body: &'static [u8],
    /// Until the head of the answer, and from there to its end: milliseconds.
    pauses: (u64, u64),
    /// In how many pieces the body comes.
    pieces: usize,
    first: First,
}

/// What happens at the first visit.
enum First {
    /// What happens always.
    Same,
    /// 503 Service Unavailable.
    Busy,
    /// The answer takes three seconds more.
    Slow,
}

macro_rules! file {
    ($name:literal) => {
        (concat!("/", $name), include_bytes!(concat!("../website/", $name)))
    };
}

type Named = (&'static str, &'static [u8]);

const fn page((path, body): Named, pauses: (u64, u64), first: First) -> File {
    let kind = "text/html; charset=utf-8";
    File { path, kind, body, pauses, pieces: 1, first }
}

const fn image((path, body): Named, pauses: (u64, u64)) -> File {
    let kind = "image/png";
    File { path, kind, body, pauses, pieces: 5, first: First::Same }
}

const fn text((path, body): Named) -> File {
    let kind = "text/plain; charset=utf-8";
    File { path, kind, body, pauses: (0, 0), pieces: 1, first: First::Same }
}

const FILES: [File; 10] = [
    page(file!("index.html"), (500, 500), First::Same),
    page(file!("guide.html"), (200, 0), First::Same),
    page(file!("gallery.html"), (100, 0), First::Same),
    page(file!("news.html"), (100, 0), First::Busy),
    page(file!("archive.html"), (100, 0), First::Slow),
    page(file!("about.html"), (100, 0), First::Same),
    text(file!("robots.txt")),
    image(file!("image1.png"), (500, 1_000)),
    image(file!("image2.png"), (100, 400)),
    image(file!("image3.png"), (300, 700)),
];

async fn answer(State(visited): State<Arc<Visited>>, uri: Uri) -> Response {
    let path = if uri.path() == "/" { "/index.html" } else { uri.path() };
    let Some(file) = FILES.iter().find(|file| file.path == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_first = visited.lock().unwrap_or_else(PoisonError::into_inner).insert(file.path);
    match file.first {
        First::Busy if is_first => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        First::Slow if is_first => sleep(Duration::from_secs(3)).await,
        _ => {}
    }
    sleep(Duration::from_millis(file.pauses.0)).await;
    let size = file.body.len().to_string();
    let head = [(header::CONTENT_TYPE, file.kind), (header::CONTENT_LENGTH, &size)];
    (head, Body::from_stream(body(file))).into_response()
}

/// The body, piece by piece, each after its share of the time.
fn body(file: &'static File) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let pieces = file.body.chunks(file.body.len().div_ceil(file.pieces));
    let pause = Duration::from_millis(file.pauses.1) / file.pieces as u32;
    stream::unfold(pieces, move |mut pieces| async move {
        let piece = pieces.next()?;
        sleep(pause).await;
        Some((Ok(Bytes::from_static(piece)), pieces))
    })
}
