//! The local server: pages, live reload, the Run button, Ctrl-C.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use crate::support::{Running, Scratch, until};

/// A server over a scratch book.
struct Server {
    book: Scratch,
    running: Running,
    address: String,
    /// What the terminal printed: the address with the key of this start.
    printed: String,
    said: Receiver<String>,
}

impl Server {
    fn start() -> Server {
        Server::of(Scratch::new())
    }

    fn of(book: Scratch) -> Server {
        let mut running = book.start(&["--no-open", "--port", "0"]);
        let stderr = BufReader::new(running.0.stderr.take().expect("stderr is piped"));
        let (sender, said) = channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut server =
            Server { book, running, address: String::new(), printed: String::new(), said };
        let line = server.hear("The book is at");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        server.address = address.expect("the line names the address").to_owned();
        let printed = line.split_whitespace().find(|word| word.starts_with("http://"));
        server.printed = printed.expect("the line names the address").to_owned();
        server
    }

    /// Waits for a line that holds `part`.
    fn hear(&self, part: &str) -> String {
        until(part, || self.said.try_recv().ok().filter(|line| line.contains(part)))
    }

    /// Waits for the update after which a page holds `text`.
    fn show(&self, path: &str, text: &str) {
        // On a busy machine one save can be two events, and so two updates.
        until(text, || {
            let updated = self.said.try_recv().ok()?.contains("Updated");
            (updated && self.get(path).contains(text)).then_some(())
        });
    }

    fn port(&self) -> u16 {
        self.address.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
    }

    /// Sends a request as it stands, with `Connection: close`, to either
    /// loopback address; gives the whole answer. A browser's own code cannot
    /// choose these headers.
    fn raw_at(&self, ip: &str, request: &str, headers: &[&str]) -> String {
        let mut stream = self.send(ip, request, headers);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn send(&self, ip: &str, request: &str, headers: &[&str]) -> TcpStream {
        let mut stream = TcpStream::connect((ip, self.port())).expect("it listens");
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let text = format!("{request} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
        stream.write_all(text.as_bytes()).expect("it reads");
        stream
    }

    fn raw(&self, request: &str, headers: &[&str]) -> String {
        self.raw_at("127.0.0.1", request, headers)
    }

    /// The cookie that the printed address is exchanged for.
    fn cookie(&self) -> String {
        let path = self.printed.split_once(&self.address).expect("it is there").1;
        let answer = self.raw(&format!("GET {path}"), &[&self.host()]);
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        let set = header(&answer, "set-cookie").expect("a cookie");
        for part in ["HttpOnly", "SameSite=Strict", &format!("workbook-{}=", self.port())] {
            assert!(set.contains(part), "{set}");
        }
        format!("Cookie: {}", set.split(';').next().expect("one part at least"))
    }

    fn host(&self) -> String {
        format!("Host: {}", self.address)
    }

    fn origin(&self) -> String {
        format!("Origin: http://{}", self.address)
    }

    /// Begins a run as the page does.
    fn begin(&self, name: &str) -> TcpStream {
        let headers = [&*self.host(), &self.origin(), &self.cookie(), "Content-Length: 0"];
        self.send("127.0.0.1", &format!("POST /run/{name}"), &headers)
    }

    fn get(&self, path: &str) -> String {
        let url = format!("http://{}{path}", self.address);
        let mut response = ureq::get(&url).call().expect("the page is there");
        response.body_mut().read_to_string().expect("text")
    }
}

#[test]
fn both_editions_are_served() {
    let server = Server::start();
    assert!(server.get("/").contains("zh/index.html"));
    assert!(server.get("/zh/hello_world.html").contains("lang=\"zh-CN\""));
    let page = server.get("/en/hello_world.html");
    assert!(page.contains("lang=\"en\"") && page.contains("Hello\nWorld"), "{page}");
}

#[test]
fn a_save_reloads_and_a_broken_chapter_leaves_the_old_page_up() {
    let server = Server::start();
    let events = ureq::get(format!("http://{}/live-reload", server.address)).call();
    let events = BufReader::new(events.expect("the stream is there").into_body().into_reader());
    let (sender, reloads) = channel();
    std::thread::spawn(move || {
        for line in events.lines().map_while(Result::ok) {
            if line.starts_with("event: reload") {
                let _ = sender.send(());
            }
        }
    });
    let reloaded = |text: &str| {
        until(text, || {
            reloads.try_recv().ok().filter(|()| server.get("/en/preface.html").contains(text))
        });
    };

    server.book.append("src/en/preface.md", "\nA first addition.\n");
    reloaded("A first addition.");

    server.book.append("src/en/preface.md", "\nA [dead link](nowhere.md).\n");
    server.hear("src/en/preface.md:7:");
    server.hear("the old page stays up");
    let page = server.get("/en/preface.html");
    assert!(page.contains("A first addition.") && !page.contains("dead link"));

    server.book.write("src/en/preface.md", "# Hello {#preface}\n\nMended.\n");
    reloaded("Mended.");
}

#[test]
fn a_changed_program_runs_again() {
    let server = Server::start();
    let source =
        std::fs::read_to_string(server.book.path("examples/hello_world.rs")).expect("a file");
    server.book.write("examples/hello_world.rs", &source.replace("World", "Reader"));
    server.show("/zh/hello_world.html", "Hello\nReader");
}

/// A page shows what is recorded: nothing is compiled for it, not even what could
/// never be.
#[test]
fn no_page_waits_for_an_application() {
    let book = Scratch::new();
    let manifest = "[package]\nname = \"applications\"\nedition = \"2024\"\n\
        [[example]]\nname = \"fetch\"\npath = \"fetch.rs\"\n";
    book.write("examples/applications/Cargo.toml", manifest);
    let program = "fn main() { not_in_scope::fetch() }\n";
    book.write("examples/applications/fetch.rs", program);
    book.record("fetch", program, &["fetched"]);
    let page = "# Fetch {#fetch}\n\n<!-- cmdrun workbook page output fetch -->\n";
    for edition in ["zh", "en"] {
        book.append(&format!("src/{edition}/SUMMARY.md"), "- [Fetch](fetch.md)\n");
        book.write(&format!("src/{edition}/fetch.md"), page);
    }
    let server = Server::of(book);
    assert!(server.get("/en/fetch.html").contains("fetched"));
    assert!(server.get("/zh/fetch.html").contains("fetched"));
}

#[test]
fn the_run_button_streams_the_real_run() {
    let server = Server::start();
    let url = format!("http://{}/run/hello_world", server.address);
    let cookie = server.cookie();
    let post = |url: &str| {
        let request = ureq::post(url).header("origin", format!("http://{}", server.address));
        request.header("cookie", &cookie["Cookie: ".len()..]).send_empty()
    };
    let response = post(&url).expect("the run starts");
    let mut text = String::new();
    response.into_body().into_reader().read_to_string(&mut text).expect("text");
    let (before, run) = text.split_once("\u{1e}{\"started\":true}\n").expect("it starts");
    assert_eq!(run, "Hello\nWorld\n\u{1e}{\"code\":0}\n");
    assert!(before.contains("\u{1e}{\"cargo\":\"Compiling scratch"), "{before}");

    let unknown = post(&format!("http://{}/run/no_such", server.address));
    assert!(matches!(unknown, Err(ureq::Error::StatusCode(404))), "{unknown:?}");
}

/// A header of a raw answer.
fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let lines = answer.lines().take_while(|line| !line.is_empty());
    let mut pairs = lines.filter_map(|line| line.split_once(": "));
    pairs.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn status(answer: &str) -> &str {
    answer.split_whitespace().nth(1).unwrap_or(answer)
}

/// A program that leaves a mark when it runs, so that a refusal can be told
/// from a run whose answer was kept back.
fn marking() -> Server {
    let book = Scratch::new();
    let mark = book.path("ran").display().to_string();
    let program = format!("fn main() {{ std::fs::write({mark:?}, \"\").unwrap() }}");
    book.write("examples/mark.rs", &program);
    let server = Server::of(book);
    // It has no recording, so the build ran it once.
    let _ = std::fs::remove_file(server.book.path("ran"));
    server
}

#[test]
fn only_the_bound_address_is_answered_whatever_the_method_and_route() {
    let server = Server::start();
    let port = server.port();
    let good = ["127.0.0.1", "localhost", "LocalHost", "localhost.", "[::1]"];
    // Not every machine has IPv6.
    let six = TcpListener::bind("[::1]:0").is_ok().then_some("::1");
    for ip in ["127.0.0.1"].into_iter().chain(six) {
        for name in good {
            let answer =
                server.raw_at(ip, "GET /zh/index.html", &[&format!("Host: {name}:{port}")]);
            assert_eq!(status(&answer), "200", "{name} {answer}");
        }
    }
    let other = port ^ 1;
    let bad = [
        "attacker.example".to_owned(),
        format!("attacker.example:{port}"),
        format!("localhost.attacker.example:{port}"),
        format!("attacker.example@localhost:{port}"),
        format!("localhost:{port}@attacker.example"),
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "[::1]".to_owned(),
        format!("localhost:{other}"),
        format!("localhost:0{port}"),
        format!("localhost..:{port}"),
        format!("0.0.0.0:{port}"),
        format!("127.0.0.2:{port}"),
        format!("127.1:{port}"),
        format!("::1:{port}"),
        String::new(),
    ];
    for host in &bad {
        for route in ["/", "/zh/index.html", "/live-reload", "/run/hello_world", "/nowhere"] {
            for method in ["GET", "HEAD", "POST", "OPTIONS", "DELETE"] {
                let answer = server.raw(&format!("{method} {route}"), &[&format!("Host: {host}")]);
                assert!(
                    ["400", "403"].contains(&status(&answer)),
                    "{method} {route} {host}: {answer}"
                );
            }
        }
    }
    let two = [&*server.host(), "Host: attacker.example"];
    assert_ne!(status(&server.raw("GET /zh/index.html", &two)), "200");
    assert_ne!(status(&server.raw("GET /zh/index.html", &[])), "200");
    let absolute = server.raw("GET http://attacker.example/zh/index.html", &[&server.host()]);
    assert_eq!(status(&absolute), "403", "{absolute}");
}

#[test]
fn nothing_foreign_runs_a_program() {
    let server = marking();
    let (host, own, cookie) = (server.host(), server.origin(), server.cookie());
    let post = "POST /run/mark";
    let foreign: [&[&str]; 11] = [
        &["Origin: http://attacker.example"],
        &["Origin: null"],
        &["Origin: http://localhost:1"],
        &[&own, "Origin: http://attacker.example"],
        &[&own, "Sec-Fetch-Site: same-site"],
        &[&own, "Sec-Fetch-Site: cross-site"],
        &[&own, "Sec-Fetch-Site: none"],
        &[&own, "Sec-Fetch-Site: new-word"],
        &["Sec-Fetch-Site: same-origin"],
        &[],
        &[
            "Origin: http://attacker.example",
            "Content-Type: text/plain",
            "Sec-Fetch-Site: cross-site",
        ],
    ];
    for headers in foreign {
        let mut all = vec![&*host, &*cookie, "Content-Length: 0", "Accept-Language: en"];
        all.extend(headers);
        let answer = server.raw(post, &all);
        assert_eq!(status(&answer), "403", "{headers:?}: {answer}");
        assert!(answer.contains("does not come from a page of this book"), "{answer}");
        assert!(header(&answer, "access-control-allow-origin").is_none());
    }
    // No key; the key of another start; another port's.
    let key = cookie.split_once('=').expect("a pair").1;
    for (wrong, said) in [
        ("Cookie: other=1".to_owned(), "Reading needs no key"),
        (format!("Cookie: workbook-1={key}"), "Reading needs no key"),
        (format!("Cookie: workbook-{}=00", server.port()), "started anew"),
    ] {
        let answer = server.raw(post, &[&host, &own, &wrong, "Accept-Language: en"]);
        assert!(status(&answer) == "403" && answer.contains(said), "{wrong}: {answer}");
    }
    for method in ["GET", "HEAD", "PUT", "OPTIONS"] {
        let answer = server.raw(&format!("{method} /run/mark"), &[&host, &own, &cookie]);
        assert_eq!(status(&answer), "405", "{method}: {answer}");
    }
    // The stream and the pages are for our own pages too.
    for route in ["/live-reload", "/zh/index.html"] {
        for headers in [
            ["Origin: http://attacker.example", ""],
            ["Origin: null", ""],
            ["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors"],
            ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: iframe"],
        ] {
            let all = [&*host, headers[0], headers[1]];
            let all: Vec<_> = all.into_iter().filter(|header| !header.is_empty()).collect();
            assert_eq!(status(&server.raw(&format!("GET {route}"), &all)), "403", "{headers:?}");
        }
    }
    assert!(!server.book.path("ran").exists(), "a refused request ran the program");
    let answer = server.raw(post, &[&host, &own, &cookie, "Sec-Fetch-Site: same-origin"]);
    assert!(status(&answer) == "200" && server.book.path("ran").exists(), "{answer}");
}

/// A link of another site leads to a page; the key leaves the address at once,
/// and leads nowhere else.
#[test]
fn the_key_is_exchanged_for_a_cookie() {
    let server = Server::start();
    let host = server.host();
    let link =
        ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"];
    let answer = server.raw("GET /zh/index.html", &[&host, link[0], link[1], link[2]]);
    assert_eq!(status(&answer), "200");
    let answer = server.raw("GET /zh/index.html?key=0123", &[&host]);
    assert_eq!((status(&answer), header(&answer, "set-cookie")), ("303", None), "{answer}");
    assert_eq!(header(&answer, "location"), Some("/zh/index.html"));
    let answer = server.raw("GET //attacker.example/?key=0123", &[&host]);
    assert_eq!(header(&answer, "location"), Some("/attacker.example/"));
    let page = server.raw("GET /zh/index.html", &[&host]);
    assert_eq!(status(&page), "200", "a typed address reads");
    let key = server.cookie();
    assert!(!page.contains(key.split_once('=').expect("a pair").1));
}

#[test]
fn what_is_not_there_is_said_in_the_readers_language() {
    let server = Server::start();
    let host = server.host();
    for (path, language, part) in [
        ("/zh/nowhere.html", "en", "没有这个页面"),
        ("/en/nowhere.html", "zh", "no such page"),
        ("/nowhere", "zh-CN,zh;q=0.9", "没有这个页面"),
        ("/nowhere", "de-DE", "no such page"),
    ] {
        let answer =
            server.raw(&format!("GET {path}"), &[&host, &format!("Accept-Language: {language}")]);
        assert_eq!(status(&answer), "404");
        assert!(answer.contains(part) && answer.contains("/index.html\""), "{answer}");
    }
    let answer = server.raw("GET /zh/index.html", &["Host: attacker.example"]);
    assert!(answer.contains("这本书只在") && answer.contains("http://localhost:"), "{answer}");
}

#[test]
fn every_answer_carries_the_headers_that_protect_it() {
    let server = Server::start();
    let host = server.host();
    for (path, host) in [
        ("/", &*host),
        ("/zh/index.html", &host),
        ("/zh/toc.html", &host),
        ("/nowhere", &host),
        ("/run/hello_world", &host),
        ("/", "Host: attacker.example"),
    ] {
        let answer = server.raw(&format!("GET {path}"), &[host]);
        let policy = header(&answer, "content-security-policy").expect("a policy");
        let scripts = policy.split(';').find(|part| part.contains("script-src")).expect("scripts");
        assert!(
            !scripts.contains("unsafe") && policy.contains("frame-ancestors 'self'"),
            "{policy}"
        );
        assert_eq!(header(&answer, "referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(header(&answer, "x-content-type-options"), Some("nosniff"), "{path}");
        assert!(header(&answer, "access-control-allow-origin").is_none(), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn only_the_site_is_served() {
    let server = Server::start();
    let host = server.host();
    let site = server.book.path("target/workbook/site");
    std::fs::write(site.join(".secret"), "secret").expect("a file");
    std::fs::create_dir(site.join(".git")).expect("a folder");
    std::fs::write(site.join(".git/config"), "secret").expect("a file");
    std::os::unix::fs::symlink(server.book.path("Cargo.toml"), site.join("link.txt"))
        .expect("a link");
    std::os::unix::fs::symlink(server.book.path("src"), site.join("folder")).expect("a link");
    for path in [
        "/.secret",
        "/%2esecret",
        "/.git/config",
        "/link.txt",
        "/folder/zh/SUMMARY.md",
        "/../programs.json",
        "/%2e%2e/programs.json",
        "/zh/..%2f..%2fprograms.json",
        "/zh/%2e%2e/%2e%2e/programs.json",
        "/%00",
        "/%ff",
        "//etc/passwd",
        "/.nojekyll",
    ] {
        let answer = server.raw(&format!("GET {path}"), &[&host]);
        assert!(["400", "404"].contains(&status(&answer)), "{path}: {answer}");
    }
}

/// A server whose program starts another, detached, and waits, once the file `slow` is
/// there: the build runs it too, and must end. Each run adds a line of two
/// process ids to `ids`.
#[cfg(target_os = "linux")]
fn waiting() -> Server {
    let book = Scratch::new();
    let [slow, ids] = ["slow", "ids"].map(|name| book.path(name).display().to_string());
    let program = format!(
        "use std::io::Write;
        fn main() {{
            if !std::path::Path::new({slow:?}).exists() {{ return }}
            let child = std::process::Command::new(\"setsid\").args([\"sleep\", \"100\"]).spawn().unwrap();
            let mut ids = std::fs::OpenOptions::new().create(true).append(true).open({ids:?}).unwrap();
            write!(ids, \"{{}}\", format!(\"{{}} {{}}\\n\", std::process::id(), child.id())).unwrap();
            println!(\"begun\");
            std::thread::sleep(std::time::Duration::from_secs(100));
        }}"
    );
    book.write("examples/waiting.rs", &program);
    let server = Server::of(book);
    server.book.write("slow", "");
    server
}

/// The processes of the runs that have begun.
#[cfg(target_os = "linux")]
fn begun(server: &Server) -> Vec<String> {
    let ids = std::fs::read_to_string(server.book.path("ids")).unwrap_or_default();
    ids.split_whitespace().map(str::to_owned).collect()
}

#[cfg(target_os = "linux")]
fn all_gone(ids: &[String]) {
    let alive = |id: &String| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // A zombie that nobody has buried yet is dead.
        stat.rsplit(')')
            .next()
            .is_some_and(|rest| !rest.trim().is_empty() && !rest.starts_with(" Z"))
    };
    until("the end of every process", || (!ids.iter().any(alive)).then_some(()));
}

#[cfg(target_os = "linux")]
#[test]
fn as_many_run_as_there_are_cores_and_a_queue_has_an_end() {
    let server = waiting();
    let cores = std::thread::available_parallelism().expect("a number").get();
    let runs: Vec<_> = (0..cores + 16).map(|_| server.begin("waiting")).collect();
    until("the first runs", || (begun(&server).len() >= 2 * cores).then_some(()));
    let (host, own, cookie) = (server.host(), server.origin(), server.cookie());
    let one_more = |language: &str| {
        server.raw(
            "POST /run/waiting",
            &[&host, &own, &cookie, &format!("Accept-Language: {language}")],
        )
    };
    let answer = until("a refusal", || Some(one_more("zh")).filter(|it| status(it) == "503"));
    assert!(answer.contains("已经有 16 个程序在排队"), "{answer}");
    assert!(header(&answer, "retry-after").is_some());
    assert!(one_more("en").contains("16 programs are waiting already"));
    assert_eq!(begun(&server).len(), 2 * cores, "no more at once than cores");

    // Whoever goes away gives up the run, or the place.
    let first = begun(&server);
    drop(runs);
    all_gone(&first);
    std::fs::remove_file(server.book.path("slow")).expect("a file");
    until("a run", || (status(&one_more("en")) == "200").then_some(()));
    all_gone(&begun(&server));
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_that_ends_leaves_no_run_behind() {
    for signal in [nix::sys::signal::Signal::SIGINT, nix::sys::signal::Signal::SIGKILL] {
        let mut server = waiting();
        let _run = server.begin("waiting");
        let ids = until("the run", || Some(begun(&server)).filter(|ids| ids.len() == 2));
        let id = nix::unistd::Pid::from_raw(server.running.0.id().cast_signed());
        nix::sys::signal::kill(id, signal).expect("it is running");
        server.running.0.wait().expect("it ends");
        all_gone(&ids);
    }
}

#[test]
fn a_run_that_floods_is_stopped() {
    let book = Scratch::new();
    let loud = book.path("loud").display().to_string();
    let program = format!(
        "fn main() {{ while std::path::Path::new({loud:?}).exists() {{ println!(\"{{}}\", \"x\".repeat(999)) }} }}"
    );
    book.write("examples/flood.rs", &program);
    let server = Server::of(book);
    server.book.write("loud", "");
    let mut answer = String::new();
    server.begin("flood").read_to_string(&mut answer).expect("text");
    assert!(answer.contains("printed more than 1024 KiB"), "{}", &answer[answer.len() - 200..]);
    assert!(answer.len() < 2 << 20);
}

/// Between the end of compiling and the address the reader sees what is done.
#[test]
fn the_steps_before_the_address_are_said() {
    let book = Scratch::new();
    let mut running = book.start(&["--no-open", "--port", "0"]);
    let stderr = BufReader::new(running.0.stderr.take().expect("stderr is piped"));
    let lines = stderr.lines().map_while(Result::ok);
    let before: Vec<_> = lines.take_while(|line| !line.contains("The book is at")).collect();
    assert!(before.iter().any(|line| line.contains("Rendering the pages")), "{before:#?}");
}

#[test]
fn ctrl_c_stops_cleanly() {
    let mut server = Server::start();
    server.running.interrupt();
    let status = server.running.0.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
}
