//! The local server: pages, live reload, what a page asks for, Ctrl-C.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};

use crate::support::{Running, Scratch, until};

/// A server over a scratch book.
pub struct Server {
    pub book: Scratch,
    pub running: Running,
    pub address: String,
    /// What the terminal printed: the address with the key of this start.
    pub printed: String,
    said: Mutex<Receiver<String>>,
}

impl Server {
    pub fn start() -> Server {
        Server::of(Scratch::new())
    }

    pub fn of(book: Scratch) -> Server {
        Server::with(book, &[])
    }

    pub fn with(book: Scratch, arguments: &[&str]) -> Server {
        let running = book.start(&[&["--no-open", "--port", "0"], arguments].concat());
        Server::listen(book, running)
    }

    /// Over a book with an exercise.
    pub fn of_an_exercise() -> Server {
        let book = Scratch::new();
        let exercise = "exercises/hello_world";
        for (file, text) in [
            ("Cargo.toml", "[package]\nname = \"hello_world\"\nedition = \"2024\"\n"),
            ("src/lib.rs", "// here\n"),
            ("starter.rs", "// here\n"),
            ("solution.rs", "// there\n"),
            ("tests/hello_world.rs", ""),
        ] {
            book.write(&format!("{exercise}/{file}"), text);
        }
        for language in ["zh", "en"] {
            book.write(&format!("{exercise}/statement.{language}.md"), "5 minutes\n");
            book.write(&format!("{exercise}/hints.{language}.md"), "No.\n");
        }
        Server::of(book)
    }

    /// Opens the browser, which is `bin/xdg-open` of the book.
    pub fn opening(book: Scratch) -> Server {
        let mut command = book.command(&["--port", "0"]);
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", book.path("bin").display()));
        command.env_remove("BROWSER").stdout(Stdio::null()).stderr(Stdio::piped());
        let running = Running(command.spawn().expect("the command starts"));
        Server::listen(book, running)
    }

    fn listen(book: Scratch, mut running: Running) -> Server {
        let stderr = BufReader::new(running.0.stderr.take().expect("stderr is piped"));
        let (sender, said) = channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut server = Server {
            book,
            running,
            address: String::new(),
            printed: String::new(),
            said: Mutex::new(said),
        };
        let line = server.hear("The book is at");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        server.address = address.expect("the line names the address").to_owned();
        let printed = line.split_whitespace().find(|word| word.starts_with("http://"));
        server.printed = printed.expect("the line names the address").to_owned();
        server
    }

    /// The next line that it said, if there is one.
    fn heard(&self) -> Option<String> {
        self.said.lock().expect("nobody panics with it").try_recv().ok()
    }

    /// Waits for a line that holds `part`.
    fn hear(&self, part: &str) -> String {
        until(part, || self.heard().filter(|line| line.contains(part)))
    }

    /// Waits for the update after which a page holds `text`.
    fn show(&self, path: &str, text: &str) {
        // On a busy machine one save can be two events, and so two updates.
        until(text, || {
            let updated = self.heard()?.contains("Updated");
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

    pub fn send(&self, ip: &str, request: &str, headers: &[&str]) -> TcpStream {
        let mut stream = TcpStream::connect((ip, self.port())).expect("it listens");
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let text = format!("{request} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
        stream.write_all(text.as_bytes()).expect("it reads");
        stream
    }

    pub fn raw(&self, request: &str, headers: &[&str]) -> String {
        self.raw_at("127.0.0.1", request, headers)
    }

    /// The cookie that the printed address is exchanged for.
    pub fn cookie(&self) -> String {
        let path = self.printed.split_once(&self.address).expect("it is there").1;
        let answer = self.raw(&format!("GET {path}"), &[&self.host()]);
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        let set = header(&answer, "set-cookie").expect("a cookie");
        for part in ["HttpOnly", "SameSite=Strict", &format!("workbook-{}=", self.port())] {
            assert!(set.contains(part), "{set}");
        }
        format!("Cookie: {}", set.split(';').next().expect("one part at least"))
    }

    pub fn host(&self) -> String {
        format!("Host: {}", self.address)
    }

    pub fn origin(&self) -> String {
        format!("Origin: http://{}", self.address)
    }

    /// Begins a run as the page of this tab does.
    fn begin(&self, name: &str, tab: &str) -> TcpStream {
        self.post(&format!("programs/{name}/run"), &json!({ "tab": tab }))
    }

    /// Asks for something as a page does.
    pub fn post(&self, route: &str, body: &Value) -> TcpStream {
        let body = body.to_string();
        let length = format!("Content-Length: {}", body.len());
        let headers = [&*self.host(), &self.origin(), &self.cookie(), JSON, ENGLISH, &length];
        let mut stream = self.send("127.0.0.1", &format!("POST /api/{route}"), &headers);
        stream.write_all(body.as_bytes()).expect("it reads");
        stream
    }

    /// The records of an answer.
    pub fn records(&self, route: &str, body: &Value) -> Vec<Value> {
        records(self.post(route, body))
    }

    /// A script's question.
    pub fn ask(&self, route: &str) -> Value {
        let headers = [&*self.host(), &self.cookie(), "Sec-Fetch-Site: same-origin"];
        let answer = self.raw(&format!("GET /api/{route}"), &headers);
        let body = answer.split_once("\r\n\r\n").expect("a body").1;
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }

    pub fn get(&self, path: &str) -> String {
        let url = format!("http://{}{path}", self.address);
        let mut response = ureq::get(&url).call().expect("the page is there");
        response.body_mut().read_to_string().expect("text")
    }
}

const JSON: &str = "Content-Type: application/json";
const ENGLISH: &str = "Accept-Language: en";

/// The JSON objects of a streamed answer, which may come in pieces.
pub fn records(mut stream: TcpStream) -> Vec<Value> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer);
    let lines = answer.lines().filter(|line| line.starts_with('{'));
    let record = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
    let records: Vec<Value> = lines.map(record).collect();
    assert!(!records.is_empty(), "{answer}");
    records
}

/// What a run printed on standard output, and how it ended.
pub fn printed(records: &[Value]) -> (String, &Value) {
    let out = records.iter().filter_map(|record| record["out"].as_str());
    (out.collect(), records.last().expect("an end"))
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

/// The saved program is on its page first, and what its changes do follows.
#[test]
fn the_changes_of_a_changed_program_run_again() {
    let book = Scratch::new();
    let change = "[[change]]\nid = \"hi\"\n[[change.replace]]\n\
        lines = \"    println!(\\\"Hello\\\");\"\nby = \"    println!(\\\"Hi\\\");\"\n";
    book.write("examples/changes/hello_world.toml", change);
    for edition in ["zh", "en"] {
        let page = "\n<!-- cmdrun workbook page change hello_world hi -->\n";
        book.append(&format!("src/{edition}/hello_world.md"), page);
    }
    assert!(book.run(&["record", "hello_world"]).status.success());
    let server = Server::of(book);
    let source =
        std::fs::read_to_string(server.book.path("examples/hello_world.rs")).expect("a file");
    server.book.write("examples/hello_world.rs", &source.replace("World", "Reader"));
    server.show("/en/hello_world.html", "Hello\nReader");
    until("the change", || {
        let page = server.get("/en/hello_world.html");
        (page.contains("<code>Reader</code>") && !page.contains("is another since")).then_some(())
    });
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
    let records = server.records("programs/hello_world/run", &json!({ "tab": "a" }));
    let started = records.iter().position(|it| it.get("started").is_some()).expect("it starts");
    assert!(records[..started].iter().all(|it| it.get("out").is_none()), "{records:#?}");
    let (out, end) = printed(&records);
    assert_eq!((out.as_str(), &end["code"]), ("Hello\nWorld\n", &json!(0)));
    let at = |text: &str| {
        records.iter().find(|it| it["out"] == text).and_then(|it| it["at"].as_u64()).expect(text)
    };
    assert!(at("World\n") >= at("Hello\n") + 150, "{records:#?}");

    let mut answer = String::new();
    server.begin("no_such", "a").read_to_string(&mut answer).expect("text");
    assert_eq!(status(&answer), "404");
}

/// The changed text is what runs, and the file stays as it was.
#[test]
fn an_edit_runs_and_its_errors_stand_at_their_lines() {
    let server = Server::start();
    let file = server.book.path("examples/hello_world.rs");
    let before = std::fs::read_to_string(&file).expect("a file");
    let run = |text: &str| {
        server.records("programs/hello_world/run", &json!({ "tab": "a", "text": text }))
    };
    let records = run(&before.replace("World", "世界"));
    assert_eq!(printed(&records).0, "Hello\n世界\n");

    let records = run(
        "fn main() {\n    let never = 1;\n    eprintln!(\"aside\");\n    std::process::exit(3)\n}\n",
    );
    let warning = &records[0]["diagnostics"][0];
    assert_eq!((&warning["level"], &warning["line"]), (&json!("warning"), &json!(2)), "{warning}");
    assert!(records.iter().any(|it| it["err"] == "aside\n"), "{records:#?}");
    assert_eq!(records.last().expect("an end")["code"], 3);

    let records = run("fn main() {\n    let x: u8 = \"no\";\n}\n");
    let error = &records[0]["diagnostics"][0];
    assert_eq!((&error["code"], &error["line"]), (&json!("E0308"), &json!(2)), "{error}");
    assert!(error["rendered"].as_str().is_some_and(|it| it.contains("examples/hello_world.rs:2:")));
    assert_eq!(records.last().expect("an end")["compiled"], false);
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), before);
    assert!(server.ask("progress")["chapters"].is_object());
}

/// A text is drawn as the page draws the book's own, and its errors are rustc's.
#[test]
fn an_edit_is_drawn() {
    let server = Server::start();
    let trace = |text: &str| {
        let body = json!({ "tab": "a", "text": text });
        server.records("programs/hello_world/trace", &body).pop().expect("an end")
    };
    let drawn = trace(
        "use tokio::time::{sleep, Duration};
        #[tokio::main(flavor = \"current_thread\")]
        async fn main() {
            sleep(Duration::from_secs(7)).await;
            println!(\"seven\");
            std::future::pending::<()>().await
        }",
    );
    let drawn = &drawn["trace"];
    assert_eq!(drawn["lines"], json!(["seven"]), "{drawn}");
    let picture = drawn["timeline"].as_str().expect("HTML");
    assert!(picture.starts_with("<wb-timeline data-program=\"hello_world\">"), "{picture}");
    assert!(picture.contains("waits for sleep 7 s"), "{picture}");
    let ending = &drawn["ending"];
    assert!(ending[0].as_str().is_some_and(|it| it.starts_with("deadlock")), "{ending}");
    let wrong = trace("fn main() {\n    let a = String::new();\n    drop(a);\n    drop(a);\n}\n");
    let error = &wrong["diagnostics"][0];
    assert_eq!((&error["code"], &error["line"]), (&json!("E0382"), &json!(4)), "{wrong}");
    assert_eq!(error["notes"][0]["line"], 3, "{error}");

    // What a program leaves behind holds nobody up, and it writes where the job is.
    let left = trace(
        "fn main() {
            std::process::Command::new(\"sleep\").arg(\"99\").spawn().unwrap();
            let place = std::path::Path::new(file!());
            println!(\"{:?}\", std::fs::write(place, \"lost\").is_err() || !place.is_absolute());
            println!(\"{:?}\", std::fs::write(\"own\", \"kept\").is_ok());
        }",
    );
    assert_eq!(left["trace"]["lines"], json!(["true", "true"]), "{left}");
}

#[test]
fn a_program_is_typed_into_and_its_end_is_told() {
    let server = Server::start();
    let text = "use std::io::{BufRead, Write};
        fn main() {
            print!(\"name? \");
            std::io::stdout().flush().unwrap();
            for line in std::io::stdin().lock().lines() { println!(\"<{}>\", line.unwrap()) }
            std::process::abort()
        }";
    let body = json!({ "tab": "a", "text": text });
    let stream = server.post("programs/hello_world/run", &body);
    let reading = stream.try_clone().expect("a second handle");
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(reading).lines().map_while(Result::ok) {
            if let Ok(record) = serde_json::from_str::<Value>(&line) {
                let _ = sender.send(record);
            }
        }
    });
    let next = |part: &str| {
        until(part, || lines.try_recv().ok().filter(|record| record.get(part).is_some()))
    };
    let number = next("started")["started"].as_str().expect("a number").to_owned();
    assert_eq!(next("out")["out"], "name? ");
    let input = format!("runs/{number}/input");
    let _ = std::io::read_to_string(server.post(&input, &json!({ "text": "你好\n" })));
    assert_eq!(next("out")["out"], "<你好>\n");
    let _ = std::io::read_to_string(server.post(&input, &json!({ "end": true })));
    let end = next("signal");
    assert_eq!((&end["signal"], &end["name"]), (&json!(6), &json!("SIGABRT")));
}

/// A tab does one thing at a time: the newer one.
#[test]
fn a_newer_run_of_a_tab_ends_the_older() {
    let server = Server::start();
    let wait = "fn main() { std::thread::sleep(std::time::Duration::from_secs(50)) }";
    let old = server.post("programs/hello_world/run", &json!({ "tab": "a", "text": wait }));
    let other = server.post("programs/hello_world/run", &json!({ "tab": "b" }));
    std::thread::sleep(std::time::Duration::from_millis(300));
    let (out, _) = printed(&server.records("programs/hello_world/run", &json!({ "tab": "a" })));
    assert_eq!(out, "Hello\nWorld\n");
    assert_eq!(printed(&records(other)).0, "Hello\nWorld\n");
    let answer = std::io::read_to_string(old).expect("it ends");
    assert!(!answer.contains("\"code\""), "{answer}");
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

/// A program that calls us when it runs, so that a refusal can be told from a run
/// whose answer was kept back.
fn marking() -> (Server, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("it can");
    let to = listener.local_addr().expect("an address");
    let book = Scratch::new();
    let program = format!("fn main() {{ std::net::TcpStream::connect(\"{to}\").unwrap(); }}");
    book.write("examples/mark.rs", &program);
    (Server::of(book), listener)
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
        for route in
            ["/", "/zh/index.html", "/live-reload", "/api/programs/hello_world/run", "/nowhere"]
        {
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
    let (server, called) = marking();
    let (host, own, cookie) = (server.host(), server.origin(), server.cookie());
    let post = "POST /api/programs/mark/run";
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
        let mut all = vec![&*host, &*cookie, "Content-Length: 0", ENGLISH];
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
        let request = format!("{method} /api/programs/mark/run");
        let answer = server.raw(&request, &[&host, &own, &cookie]);
        assert_eq!(status(&answer), "405", "{method}: {answer}");
    }
    // What a script reads needs the key as well: the learner's file is not for all.
    for route in ["exercises/mark", "progress", "explanations/E0382"] {
        let answer = server.raw(&format!("GET /api/{route}"), &[&host]);
        assert_eq!(status(&answer), "403", "{route}: {answer}");
    }
    // What a form could send is no JSON, and a page sends no megabytes.
    let all = [&*host, &own, &cookie, ENGLISH];
    let form = server.raw(post, &[&all[..], &["Content-Type: text/plain"]].concat());
    assert_eq!(status(&form), "415", "{form}");
    let long = format!("{{\"text\":\"{}\"}}", "x".repeat(300 << 10));
    let length = format!("Content-Length: {}", long.len());
    let mut stream = server.send("127.0.0.1", post, &[&all[..], &[JSON, &length]].concat());
    let _ = stream.write_all(long.as_bytes());
    let refused = std::io::read_to_string(stream).expect("an answer");
    assert!(status(&refused) == "413" && refused.contains("256 KiB"), "{refused}");
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
    assert!(called.accept().is_err(), "a refused request ran the program");
    let end = server.records("programs/mark/run", &json!({})).pop().expect("an end");
    assert!(end["code"] == 0 && called.accept().is_ok(), "{end}");
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
        ("/api/programs/hello_world/run", &host),
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
        "//en",
        "/.nojekyll",
    ] {
        let answer = server.raw(&format!("GET {path}"), &[&host]);
        assert!(["400", "404"].contains(&status(&answer)), "{path}: {answer}");
    }
}

/// A server whose program starts another, detached, tells us both process ids, and
/// waits.
#[cfg(target_os = "linux")]
struct Waiting {
    server: Server,
    ids: std::sync::Arc<std::sync::Mutex<Vec<String>>>,
}

#[cfg(target_os = "linux")]
impl Waiting {
    fn start() -> Waiting {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let to = listener.local_addr().expect("an address");
        let ids = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let heard = ids.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let said = std::io::read_to_string(stream).unwrap_or_default();
                let said = said.split_whitespace().map(str::to_owned);
                heard.lock().expect("nobody panics with it").extend(said);
            }
        });
        let book = Scratch::new();
        let program = format!(
            "use std::io::Write;
            fn main() {{
                let child = std::process::Command::new(\"setsid\").args([\"sleep\", \"100\"]).spawn().unwrap();
                let mut ids = std::net::TcpStream::connect(\"{to}\").unwrap();
                write!(ids, \"{{}}\", format!(\"{{}} {{}}\\n\", std::process::id(), child.id())).unwrap();
                drop(ids);
                println!(\"begun\");
                std::thread::sleep(std::time::Duration::from_secs(100));
            }}"
        );
        book.write("examples/waiting.rs", &program);
        Waiting { server: Server::of(book), ids }
    }

    /// The processes of the runs that have begun.
    fn begun(&self) -> Vec<String> {
        self.ids.lock().expect("nobody panics with it").clone()
    }
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
    let waiting = Waiting::start();
    let server = &waiting.server;
    let cores = std::thread::available_parallelism().expect("a number").get();
    let runs: Vec<_> =
        (0..cores + 16).map(|tab| server.begin("waiting", &tab.to_string())).collect();
    until("the first runs", || (waiting.begun().len() >= 2 * cores).then_some(()));
    let (host, own, cookie) = (server.host(), server.origin(), server.cookie());
    let one_more = |language: &str| {
        let headers = [&*host, &own, &cookie, JSON, "Content-Length: 2", language];
        let mut stream = server.send("127.0.0.1", "POST /api/programs/waiting/run", &headers);
        stream.write_all(b"{}").expect("it reads");
        stream
    };
    let chinese = "Accept-Language: zh";
    let answer = until("a refusal", || {
        let answer = std::io::read_to_string(one_more(chinese)).expect("an answer");
        (status(&answer) == "503").then_some(answer)
    });
    assert!(answer.contains("已经有 16 个请求在排队"), "{answer}");
    assert!(header(&answer, "retry-after").is_some());
    let answer = std::io::read_to_string(one_more(ENGLISH)).expect("an answer");
    assert!(answer.contains("16 requests are waiting already"), "{answer}");
    assert_eq!(waiting.begun().len(), 2 * cores, "no more at once than cores");

    // Whoever goes away gives up the run, or the place.
    let first = waiting.begun();
    drop(runs);
    all_gone(&first);
    let run = until("a place", || {
        let mut stream = one_more(ENGLISH);
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).expect("an answer");
        answer.ends_with(b"200").then_some(stream)
    });
    until("a run", || (waiting.begun().len() >= 2 * cores + 2).then_some(()));
    drop(run);
    all_gone(&waiting.begun());
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_that_ends_leaves_no_run_behind() {
    for signal in [nix::sys::signal::Signal::SIGINT, nix::sys::signal::Signal::SIGKILL] {
        let mut waiting = Waiting::start();
        let _run = waiting.server.begin("waiting", "a");
        let ids = until("the run", || Some(waiting.begun()).filter(|ids| ids.len() == 2));
        let child = &mut waiting.server.running.0;
        let id = nix::unistd::Pid::from_raw(child.id().cast_signed());
        nix::sys::signal::kill(id, signal).expect("it is running");
        child.wait().expect("it ends");
        all_gone(&ids);
        let jobs = waiting.server.book.path("target/workbook/jobs");
        let is_empty = || jobs.read_dir().map_or(0, Iterator::count) == 0;
        until("an empty folder of jobs", || is_empty().then_some(()));
    }
}

/// Somebody kills the job itself: the kernel, if memory is short.
#[cfg(target_os = "linux")]
#[test]
fn a_job_that_is_killed_leaves_no_program_behind() {
    let waiting = Waiting::start();
    let run = waiting.server.begin("waiting", "a");
    let ids = until("the run", || Some(waiting.begun()).filter(|ids| ids.len() == 2));
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", ids[0])).expect("it runs");
    let rest = stat.rsplit(") ").next().expect("fields").split(' ').collect::<Vec<_>>();
    let (job, session) = (rest[1], rest[3]);
    assert_eq!(job, session, "a job is a session of its own, without the reader's terminal");
    let job = nix::unistd::Pid::from_raw(job.parse().expect("a number"));
    nix::sys::signal::kill(job, nix::sys::signal::Signal::SIGKILL).expect("it is running");
    all_gone(&ids[..1]);
    let _ = std::io::read_to_string(run).expect("it ends");
}

/// What was compiled is no executable any more: after a crash, a file can be empty.
#[test]
fn what_is_damaged_is_compiled_again() {
    let server = Server::start();
    let run = || {
        let records = server.records("programs/hello_world/run", &json!({ "tab": "a" }));
        printed(&records).0
    };
    assert_eq!(run(), "Hello\nWorld\n");
    let programs = server.book.path("target/run/programs");
    for entry in programs.read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        std::fs::write(&path, "").expect("a file");
    }
    assert_eq!(run(), "Hello\nWorld\n");
}

#[test]
fn a_run_that_floods_is_stopped() {
    let book = Scratch::new();
    book.write("examples/flood.rs", "fn main() { loop { println!(\"{}\", \"x\".repeat(999)) } }");
    let server = Server::of(book);
    let records = records(server.begin("flood", "a"));
    let (out, end) = printed(&records);
    let error = end["error"].as_str().expect("an error");
    assert!(error.contains("printed more than 1024 KiB"), "{error}");
    assert!(out.len() <= 1 << 20);
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
