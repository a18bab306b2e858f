//! Who may ask, and who may run: requests that name this server and come from
//! its own pages; a program runs for those alone that opened the printed address.
//!
//! A foreign page can reach a server on this machine, also under a name of its
//! own that comes to mean 127.0.0.1. So every request, whatever its method and
//! route, must name the address that is really bound, and if it says where it
//! comes from, that must be the same. What only reads needs no more. What runs
//! needs the key of this start, which the printed address carries: it is
//! exchanged for a cookie that no script reads and no foreign page makes the
//! browser send.

use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::pages::Asked;

/// The names of this machine that the server answers to.
const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// What the server knows of its own address, and the key of this start.
pub struct Guard {
    port: u16,
    /// Whether anything is run for anybody.
    runs: bool,
    key: String,
    /// For the browser that the server opens: whoever lists the processes of this
    /// machine reads the address that it is called with, and comes too late.
    ticket: Mutex<Option<String>>,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// It names another host than the bound one.
    Host,
    /// It comes from another page, or hides where it comes from.
    Origin,
    /// It would run a program and has no key.
    NoKey,
    /// It would run a program with the key of another start.
    OldKey,
    /// It would run a program, where none is run.
    ReadsOnly,
}

impl Guard {
    /// A guard for the address that was bound, with a new key.
    ///
    /// # Errors
    ///
    /// The system gives no random numbers.
    pub fn new(port: u16, runs: bool) -> Result<Guard> {
        Ok(Guard { port, runs, key: random()?, ticket: Mutex::default() })
    }

    /// The address of a path, as the terminal prints it: with the key.
    pub fn address(&self, path: &str) -> String {
        format!("{}?key={}", self.plain_address(path), self.key)
    }

    /// The address of a path, for a server that runs nothing.
    pub fn plain_address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// An address that can be exchanged once.
    ///
    /// # Errors
    ///
    /// The system gives no random numbers.
    pub fn address_once(&self, path: &str) -> Result<String> {
        let ticket = random()?;
        *self.ticket.lock().expect("no holder panics") = Some(ticket.clone());
        Ok(format!("{}?key={ticket}", self.plain_address(path)))
    }

    /// The name in an authority of this server (`LOCALHOST.:3000`), in its
    /// usual spelling.
    fn own(&self, authority: &str) -> Option<String> {
        let authority = authority.to_ascii_lowercase();
        let name = match authority.strip_suffix(&format!(":{}", self.port)) {
            Some(name) => name,
            None if self.port == 80 => &authority,
            None => return None,
        };
        let name = name.strip_suffix('.').unwrap_or(name);
        NAMES.contains(&name).then(|| name.to_owned())
    }

    fn check(&self, request: &Request) -> Result<(), Refusal> {
        let headers = request.headers();
        let named = only(headers, header::HOST.as_str()).and_then(|host| self.own(host));
        let host = named.ok_or(Refusal::Host)?;
        let target = request.uri().authority().map(|it| self.own(it.as_str()));
        if target.is_some_and(|target| target.as_ref() != Some(&host)) {
            return Err(Refusal::Host);
        }
        let changes = !request.method().is_safe();
        if changes || headers.contains_key(header::ORIGIN) {
            let origin = only(headers, header::ORIGIN.as_str());
            let origin = origin.and_then(|it| self.own(it.strip_prefix("http://")?));
            if origin != Some(host) {
                return Err(Refusal::Origin);
            }
        }
        if !comes_from_here(request) {
            return Err(Refusal::Origin);
        }
        let is_ours = request.uri().path().starts_with("/api/");
        match changes || is_ours {
            true if !self.runs => Err(Refusal::ReadsOnly),
            true => self.expect_key(headers),
            false => Ok(()),
        }
    }

    /// Two servers on two ports share the cookies of a host.
    fn cookie(&self) -> String {
        format!("workbook-{}", self.port)
    }

    fn expect_key(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
        let mut keys = cookies
            .flat_map(|it| it.split(';'))
            .filter_map(|it| it.trim().split_once('='))
            .filter_map(|(name, key)| (name == self.cookie()).then_some(key))
            .peekable();
        let refusal = if keys.peek().is_none() { Refusal::NoKey } else { Refusal::OldKey };
        if keys.any(|key| self.is_key(key)) { Ok(()) } else { Err(refusal) }
    }

    /// Compares digests: how long that takes tells nothing of the key.
    fn is_key(&self, key: &str) -> bool {
        Sha256::digest(key) == Sha256::digest(&self.key)
    }

    /// Whether it is the ticket; then it is used up.
    fn is_ticket(&self, key: &str) -> bool {
        let mut ticket = self.ticket.lock().expect("no holder panics");
        let is_it = ticket.as_ref().is_some_and(|it| Sha256::digest(it) == Sha256::digest(key));
        if is_it {
            *ticket = None;
        }
        is_it
    }

    /// The same address without the key, which would stay in the history and in
    /// pictures of the screen. A wrong one, of an earlier start, is no hindrance
    /// to reading.
    fn exchange(&self, request: &Request) -> Option<Response> {
        let query = request.uri().query()?;
        let key = query.split('&').find_map(|part| part.strip_prefix("key="))?;
        // Two slashes would name another host.
        let path = request.uri().path().trim_start_matches(['/', '\\']);
        let to =
            [(header::LOCATION, format!("/{path}")), (header::CACHE_CONTROL, "no-store".into())];
        let mut response = (StatusCode::SEE_OTHER, to).into_response();
        if self.is_key(key) || self.is_ticket(key) {
            let (name, key) = (self.cookie(), &self.key);
            let cookie = format!("{name}={key}; HttpOnly; SameSite=Strict; Path=/api");
            let cookie = HeaderValue::from_str(&cookie).expect("hexadecimal digits");
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        Some(response)
    }
}

/// 128 bits that nobody can guess, in hexadecimal digits.
fn random() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok().context("the system gives no random numbers")?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

/// Answers what may be answered.
pub async fn guard(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    if let Err(refusal) = guard.check(&request) {
        return Asked::of(&request).refuse(StatusCode::FORBIDDEN, &refusal.words(guard.port));
    }
    if request.method() == Method::GET
        && let Some(response) = guard.exchange(&request)
    {
        return response;
    }
    next.run(request).await
}

/// The one value of a header; none if there are several.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// What the browser says of where a request comes from; an old one says nothing.
/// A link of another page may lead to this book, in a window of its own.
fn comes_from_here(request: &Request) -> bool {
    let headers = request.headers();
    if !headers.contains_key("sec-fetch-site") {
        return true;
    }
    let safe = request.method().is_safe();
    match only(headers, "sec-fetch-site") {
        Some("same-origin") => true,
        Some("none") => safe,
        Some("same-site" | "cross-site") => {
            safe && only(headers, "sec-fetch-mode") == Some("navigate")
                && only(headers, "sec-fetch-dest") == Some("document")
        }
        _ => false,
    }
}

impl Refusal {
    /// What is wrong and what to do, in Chinese and in English.
    fn words(self, port: u16) -> [String; 2] {
        match self {
            Refusal::Host => [
                format!(
                    "这本书只在 http://127.0.0.1:{port}、http://localhost:{port} 和 http://[::1]:{port} 这几个地址上，请打开其中一个。"
                ),
                format!(
                    "This book is only at http://127.0.0.1:{port}, http://localhost:{port} and http://[::1]:{port}: open one of them."
                ),
            ],
            Refusal::Origin => [
                "这个请求不是从这本书自己的页面发出的，已拒绝；请直接打开书里的页面。".to_owned(),
                "This request does not come from a page of this book and is refused; open the book's page itself.".to_owned(),
            ],
            Refusal::NoKey => [
                "阅读不需要密钥，运行程序需要：请打开终端里打印的那个地址，然后再按“运行”。".to_owned(),
                "Reading needs no key, running does: open the address that the terminal prints, then press Run again.".to_owned(),
            ],
            Refusal::OldKey => [
                "这个页面打开之后，服务器重新启动过：请打开终端里新打印的地址，然后再按“运行”。".to_owned(),
                "The server was started anew since this page was opened: open the address that the terminal prints now, then press Run again.".to_owned(),
            ],
            Refusal::ReadsOnly => [
                "这次启动用了 --no-run，什么都不运行：去掉它再启动一次，并打开新打印的地址。".to_owned(),
                "The server was started with --no-run and runs nothing: start it again without, and open the address that it prints.".to_owned(),
            ],
        }
    }
}
