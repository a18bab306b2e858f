//! The built site and nothing else, the headers of every answer, and a small
//! page in the reader's language where there is none.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use project::locale::{Language, language};
use sha2::{Digest, Sha256};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// Serves the files of a folder: no dot files, no links out of it.
pub fn site(folder: &Path) -> Router {
    let fresh = HeaderValue::from_static("no-cache");
    Router::new()
        .fallback_service(ServeDir::new(folder))
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, fresh))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(folder.to_owned(), inside))
}

async fn inside(State(folder): State<PathBuf>, request: Request, next: Next) -> Response {
    if tokio::fs::metadata(&folder).await.is_err() {
        let words = [
            "做好的页面不在了（cargo clean？）：在终端里按 Ctrl-C，再用 cargo run 启动。",
            "The built pages are gone (cargo clean?): press Ctrl-C in the terminal and start again with cargo run.",
        ];
        let asked = Asked::of(&request);
        return asked.refuse(StatusCode::SERVICE_UNAVAILABLE, &words.map(str::to_owned));
    }
    // A redirect to `//en/` would lead to another host.
    if request.uri().path().starts_with("//") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let path = percent_decode_str(request.uri().path()).decode_utf8();
    let inside = match path {
        Ok(path) => is_inside(&folder, path.trim_start_matches('/')).await,
        Err(_) => false,
    };
    if inside { next.run(request).await } else { StatusCode::NOT_FOUND.into_response() }
}

/// Whether a file of this path would be one of the folder's own.
async fn is_inside(folder: &Path, path: &str) -> bool {
    if path.split(['/', '\\']).any(|part| part.starts_with('.')) {
        return false;
    }
    let real = tokio::fs::canonicalize(folder.join(path)).await;
    match (real, tokio::fs::canonicalize(folder).await) {
        (Ok(real), Ok(folder)) => real.starts_with(folder),
        _ => false,
    }
}

/// What a page may load and do. Scripts are files of the site; the first page's
/// own one, which must work without a server, is known by its digest.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let page = book::build::CHOICE;
    let script = page.split("<script>").nth(1).and_then(|rest| rest.split("</script>").next());
    let digest = STANDARD.encode(Sha256::digest(script.expect("the first page has a script")));
    let policy = format!(
        "default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; \
         frame-ancestors 'self'; form-action 'self'; base-uri 'none'"
    );
    HeaderValue::from_str(&policy).expect("ASCII")
});

/// Puts on every answer what keeps it among our own pages.
pub fn with_headers(mut router: Router) -> Router {
    let headers = [
        ("content-security-policy", POLICY.clone()),
        ("cross-origin-opener-policy", HeaderValue::from_static("same-origin")),
        ("cross-origin-resource-policy", HeaderValue::from_static("same-origin")),
        ("referrer-policy", HeaderValue::from_static("no-referrer")),
        ("x-content-type-options", HeaderValue::from_static("nosniff")),
        ("x-frame-options", HeaderValue::from_static("SAMEORIGIN")),
    ];
    for (name, value) in headers {
        let name = HeaderName::from_static(name);
        router = router.layer(SetResponseHeaderLayer::overriding(name, value));
    }
    router
}

/// Fills in what is wrong where an answer says it by its number alone.
pub async fn explain(request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error())
        || response.headers().contains_key(header::CONTENT_TYPE)
    {
        return response;
    }
    let words = match status {
        StatusCode::NOT_FOUND => [
            "这里没有这个页面，请从目录里找。",
            "There is no such page; look for it in the contents.",
        ],
        StatusCode::METHOD_NOT_ALLOWED => [
            "这个地址不接受这样的请求；运行程序请按页面上的“运行”。",
            "This address takes no such request; to run a program, press Run on its page.",
        ],
        _ => [
            "服务器没能回答这个请求，请从目录重新开始。",
            "The server could not answer this; begin again at the contents.",
        ],
    };
    let mut page = asked.refuse(status, &words.map(str::to_owned));
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    page
}

/// How to speak to whoever sent a request.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The language of the page, or else the one that the browser prefers.
    pub language: Language,
    /// Whether a script of ours reads the answer.
    plain: bool,
}

impl Asked {
    /// By the request's path and headers.
    pub fn of(request: &Request) -> Asked {
        let text = |name| request.headers().get(name).and_then(|it| it.to_str().ok());
        let accepts = text(header::ACCEPT).unwrap_or_default();
        let path = request.uri().path();
        let language = match path.split('/').nth(1) {
            Some("zh") => Language::Chinese,
            Some("en") => Language::English,
            _ => text(header::ACCEPT_LANGUAGE).map_or_else(language, preferred),
        };
        Asked { language, plain: path.starts_with("/api/") && !accepts.contains("text/html") }
    }

    /// An answer that says what is wrong and where to go; the words in Chinese
    /// and in English.
    pub fn refuse(self, status: StatusCode, [chinese, english]: &[String; 2]) -> Response {
        let words = self.language.pick(chinese, english);
        if self.plain {
            let headers = [(header::CACHE_CONTROL, "no-store")];
            return (status, headers, words.clone()).into_response();
        }
        let contents = self.language.pick("到目录去", "To the contents");
        let folder = self.language.pick("zh", "en");
        let title = self.language.pick("异步 Rust 练习册", "The Async Rust Workbook");
        let body = format!(
            "<h1>{}</h1>\n<p>{words}</p>\n<p><a href=\"/{folder}/index.html\">{contents}</a></p>",
            status.as_u16()
        );
        self.page(status, title, &body)
    }

    /// A page of the server's own.
    pub fn page(self, status: StatusCode, title: &str, body: &str) -> Response {
        let tag = self.language.pick("zh-CN", "en");
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"UTF-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <link rel=\"icon\" href=\"data:,\">\n<title>{title}</title>\n\
             <style>body {{ font: 1.25rem/1.6 system-ui, sans-serif; max-width: 36em; \
             margin: 20vh auto; padding: 0 1em; color-scheme: light dark; }} \
             pre {{ font-size: 1rem; white-space: pre-wrap; }}</style>\n</head>\n\
             <body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
        );
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        (status, headers, page).into_response()
    }
}

/// The language of ours that a browser prefers to the other.
fn preferred(accepted: &str) -> Language {
    let mut ranges: Vec<(f32, String)> = accepted
        .split(',')
        .map(|range| {
            let (tag, weight) = range.split_once(";q=").unwrap_or((range, "1"));
            (weight.trim().parse().unwrap_or(0.0), tag.trim().to_ascii_lowercase())
        })
        .collect();
    ranges.sort_by(|one, other| other.0.total_cmp(&one.0));
    let first = ranges.iter().find(|(_, tag)| tag.starts_with("zh") || tag.starts_with("en"));
    match first {
        Some((_, tag)) if tag.starts_with("zh") => Language::Chinese,
        _ => Language::English,
    }
}

#[cfg(test)]
mod tests {
    use super::preferred;
    use project::locale::Language;

    #[test]
    fn the_browsers_order_counts() {
        for chinese in ["zh", "zh-TW,zh;q=0.9,en;q=0.8", "en;q=0.2, zh-CN;q=0.7", "de,zh;q=0.5"] {
            assert_eq!(preferred(chinese), Language::Chinese, "{chinese}");
        }
        for english in ["", "de", "en,zh;q=0.9", "zh;q=0.1,en", "zh;q=x,en;q=0.1", "*"] {
            assert_eq!(preferred(english), Language::English, "{english}");
        }
    }
}
