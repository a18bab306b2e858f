//! `web_crawler` against servers that are slow, broken or strict.

use std::{
    collections::HashMap,
    io::Write,
    net::TcpStream,
    path::PathBuf,
    process::{Command, Output},
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    common::{errors, head, serve},
    program::{self, executable},
};

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| executable("web_crawler"));

/// A site of these pages: what it was asked and when, counted from before the
/// crawler started, and the lines of the crawler.
struct Crawl {
    asked: Vec<(String, Duration)>,
    lines: Vec<String>,
    most_at_once: usize,
}

/// Pages by path, each with its links; `/broken` is always 503, `/cut` ends in
/// the middle, `/silent` never comes; `/moved` is `/a` now, `/away` is elsewhere.
/// Those below `/slow/` take a while.
fn crawl(pages: &[(&str, &str)]) -> Crawl {
    let pages: HashMap<String, String> =
        pages.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (now, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let begin = Instant::now();
    let server = serve({
        let (asked, most) = (asked.clone(), most.clone());
        move |path, stream| {
            asked.lock().unwrap().push((path.to_owned(), begin.elapsed()));
            most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
            if path.starts_with("/slow/") {
                thread::sleep(Duration::from_millis(400));
            }
            now.fetch_sub(1, SeqCst);
            match path {
                "/broken" => head(stream, "503 Service Unavailable", "text/html", 0),
                "/cut" => {
                    head(stream, "200 OK", "text/html", 1_000);
                    let _ = stream.write_all(b"<title>half");
                    let _ = stream.shutdown(std::net::Shutdown::Both);
                }
                "/moved" | "/away" => {
                    let to = if path == "/moved" { "/a#x" } else { "http://127.0.0.1:1/b" };
                    let _ = write!(
                        stream,
                        "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"
                    );
                }
                "/silent" => thread::sleep(Duration::from_secs(60)),
                _ => match pages.get(path) {
                    Some(text) => {
                        head(stream, "200 OK", "text/html", text.len());
                        let _ = stream.write_all(text.as_bytes());
                    }
                    None => head(stream, "404 Not Found", "text/html", 0),
                },
            }
        }
    });
    let start = format!("http://{server}");
    let mut command = Command::new(&*PROGRAM);
    command.arg(format!("{start}/")).env("WB_LANG", "en").env("NO_PROXY", "127.0.0.1");
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", errors(&output));
    let lines = String::from_utf8_lossy(&output.stdout).replace(&start, "");
    let asked = asked.lock().unwrap().clone();
    Crawl {
        asked,
        lines: lines.lines().map(str::to_owned).collect(),
        most_at_once: most.load(SeqCst),
    }
}

#[test]
#[ignore = "waits for seconds"]
fn a_page_that_never_comes() {
    let crawl = crawl(&[("/", "<title>t</title><a href=silent></a>")]);
    assert_eq!(crawl.lines, ["/：t", "/silent：the server was silent for too long（第 3 次）"]);
    let times: Vec<_> =
        crawl.asked.iter().filter(|(path, _)| path == "/silent").map(|(_, at)| *at).collect();
    assert_eq!(times.len(), 3);
    // A second of patience, and 0.2 s, then 0.4 s, before the next try. A busy
    // machine can only make a request later, never earlier.
    assert!(times[1] >= Duration::from_millis(1_200));
    assert!(times[2] >= Duration::from_millis(2_600));
}

#[test]
fn a_server_that_is_out_of_order() {
    let crawl = crawl(&[("/", "<title>t</title><a href=broken></a><a href=gone></a>")]);
    let broken = "/broken：HTTP 503 Service Unavailable（第 3 次）";
    assert_eq!(crawl.lines, ["/：t", broken, "/gone：HTTP 404 Not Found"]);
}

#[test]
#[ignore = "waits for seconds"]
fn a_page_that_is_cut() {
    let crawl = crawl(&[("/", "<title>t</title><a href=cut></a>")]);
    assert_eq!(crawl.lines.len(), 2);
    let cut = &crawl.lines[1];
    assert!(cut.starts_with("/cut：the connection was cut ("), "{cut}");
    assert!(cut.ends_with("（第 3 次）"), "{cut}");
}

#[test]
fn what_was_moved_is_a_link() {
    let crawl = crawl(&[
        ("/", "<title>t</title><a href=moved></a><a href=away></a><a href=a></a>"),
        ("/a", "<title>\n a\n b</title>"),
    ]);
    let lines = ["/：t", "/moved：→ /a", "/away：→ http://127.0.0.1:1/b", "/a：a b"];
    assert_eq!(crawl.lines, lines);
}

/// What the crawler in Rust, or in Python, says and asks of a site where
/// `/robots.txt` is answered so; the first page has a link to `/private/a`.
fn with_robots(
    python: bool,
    robots: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static,
) -> (Output, Vec<String>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let server = serve({
        let asked = asked.clone();
        move |path, stream| {
            asked.lock().unwrap().push(path.to_owned());
            if path.starts_with("/robots") {
                return robots(path, stream);
            }
            let text = "<title>t</title><a href=/private/a></a>";
            head(stream, "200 OK", "text/html", text.len());
            let _ = stream.write_all(text.as_bytes());
        }
    });
    let start = format!("http://{server}/");
    let mut command = match python {
        true => program::twin("web_crawler", &[start]),
        false => {
            let mut command = program::command("web_crawler", "en");
            command.arg(start);
            command
        }
    };
    let output = command.env("NO_PROXY", "127.0.0.1").output().expect("it runs");
    let asked = asked.lock().unwrap().clone();
    (output, asked)
}

fn rules(stream: &mut TcpStream) {
    let text = "User-agent: *\nDisallow: /private/\n";
    head(stream, "200 OK", "text/plain", text.len());
    let _ = stream.write_all(text.as_bytes());
}

fn redirect(stream: &mut TcpStream, to: &str) {
    let _ = write!(stream, "HTTP/1.1 301 Moved\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
}

/// `/robots.txt` sends on to `/robots1`, that to `/robots2`, and so on; the one
/// of this number has the rules.
fn after(hops: usize) -> impl Fn(&str, &mut TcpStream) + Send + Sync + 'static {
    move |path, stream| {
        let hop: usize = path.trim_start_matches("/robots").parse().unwrap_or(0);
        if hop == hops { rules(stream) } else { redirect(stream, &format!("/robots{}", hop + 1)) }
    }
}

/// As RFC 9309 (2.3.1) has it.
fn robots_are_heeded(python: bool) {
    let pages = |asked: &[String]| -> Vec<String> {
        asked.iter().filter(|path| !path.starts_with("/robots")).cloned().collect()
    };
    // Five redirects, one to another site, and none at all.
    let elsewhere = serve(|_, stream| rules(stream));
    let elsewhere = format!("http://{elsewhere}/rules");
    let heeded = [
        with_robots(python, after(0)),
        with_robots(python, after(1)),
        with_robots(python, after(5)),
        with_robots(python, move |_, stream| redirect(stream, &elsewhere)),
    ];
    for (output, asked) in heeded {
        assert!(output.status.success(), "{}", errors(&output));
        assert_eq!(pages(&asked), ["/"]);
    }
    // No such file: nothing is forbidden.
    for status in ["404 Not Found", "403 Forbidden", "410 Gone"] {
        let (_, asked) =
            with_robots(python, move |_, stream| head(stream, status, "text/plain", 0));
        assert_eq!(pages(&asked), ["/", "/private/a"], "{status}");
    }
    // No answer to rely on: everything is.
    let refused = [
        with_robots(python, after(6)),
        with_robots(python, |_, stream| redirect(stream, "/robots.txt")),
        with_robots(python, |_, stream| redirect(stream, "http://127.0.0.1:1/robots.txt")),
        with_robots(python, |_, stream| head(stream, "500 Internal Server Error", "text/plain", 0)),
        with_robots(python, |_, stream| head(stream, "301 Moved", "text/plain", 0)),
        with_robots(python, |_, stream| {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }),
    ];
    for (output, asked) in refused {
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(errors(&output).lines().count(), 1, "{}", errors(&output));
        assert!(errors(&output).contains("/robots.txt："), "{}", errors(&output));
        assert_eq!(pages(&asked), <[String; 0]>::default());
    }
}

#[test]
fn robots_are_asked_wherever_they_are() {
    robots_are_heeded(false);
}

#[test]
#[ignore = "needs Python with aiohttp"]
fn robots_are_asked_wherever_they_are_in_python() {
    robots_are_heeded(true);
}

#[test]
fn nobody_listens() {
    for (language, why) in [("en", "cannot connect ("), ("zh", "连接不上（")] {
        let mut command = Command::new(&*PROGRAM);
        command.arg("http://127.0.0.1:1/").env("WB_LANG", language).env("NO_PROXY", "127.0.0.1");
        let output = command.output().expect("it runs");
        assert_eq!(output.status.code(), Some(1));
        let said = errors(&output);
        let line = format!("Error: http://127.0.0.1:1/robots.txt：{why}");
        assert!(said.starts_with(&line) && said.lines().count() == 1, "{said}");
    }
}

#[test]
fn each_page_once_and_none_that_is_forbidden() {
    let crawl = crawl(&[
        ("/robots.txt", "User-agent: *\nDisallow: /no\n"),
        ("/", "<title>t</title><a href=/></a><a href=a></a><a href=a#x></a><a href=no></a>"),
        (
            "/a",
            "<title>a</title><a href='http://127.0.0.1:1/b'></a><a href='mailto:x@y'></a><a href=..></a>",
        ),
    ]);
    assert_eq!(crawl.lines, ["/：t", "/a：a"]);
    let asked: Vec<_> = crawl.asked.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(asked, ["/robots.txt", "/", "/a"]);
}

#[test]
fn in_the_order_of_the_links_and_not_all_at_once() {
    let names: Vec<String> = (0..7).map(|number| format!("/slow/{number}")).collect();
    let links: String = names.iter().map(|name| format!("<a href={name}></a>")).collect();
    let first = format!("<title>t</title>{links}");
    let mut pages = vec![("/", first.as_str())];
    pages.extend(names.iter().map(|name| (name.as_str(), "<title>p</title>")));
    let crawl = crawl(&pages);
    let expected = names.iter().map(|name| format!("{name}：p"));
    assert_eq!(crawl.lines[1..], expected.collect::<Vec<_>>());
    assert_eq!(crawl.most_at_once, 3);
    // A tenth of a second apart: the first page alone, then the others. (Before
    // the pages comes robots.txt.)
    for (place, (path, at)) in crawl.asked.iter().skip(1).enumerate() {
        assert!(*at >= Duration::from_millis(100) * place as u32, "{path} after {at:?}");
    }
}
