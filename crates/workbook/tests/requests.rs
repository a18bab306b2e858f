//! What hostile pages and hostile programs ask of the local server, and many
//! readers at once: it answers or refuses with a reason, and afterwards the
//! processes and the folder are as they were.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::serve::{Server, printed};
use crate::support::until;

/// The files of a book, but for what is made below `target`, and what they hold.
fn tree(root: &Path) -> BTreeSet<(String, Vec<u8>)> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if !path.ends_with("target") {
                    folders.push(path);
                }
            } else {
                let bytes = std::fs::read(&path).unwrap_or_default();
                found.insert((path.display().to_string(), bytes));
            }
        }
    }
    found
}

/// The processes below another one, by the names of their programs.
fn below(root: u32) -> Vec<String> {
    let stats = std::fs::read_dir("/proc").expect("Linux").filter_map(|entry| {
        let path = entry.ok()?.path();
        let pid: u32 = path.file_name()?.to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(path.join("stat")).ok()?;
        let (head, rest) = stat.rsplit_once(") ")?;
        let mut fields = rest.split(' ');
        let (state, parent) = (fields.next()?.to_owned(), fields.next()?.parse::<u32>().ok()?);
        let name = head.split_once('(')?.1.to_owned();
        (state != "Z").then_some((pid, parent, name))
    });
    let all: Vec<_> = stats.collect();
    let mut family = vec![root];
    let mut names = Vec::new();
    while let Some(parent) = family.pop() {
        for (pid, _, name) in all.iter().filter(|(_, of, _)| *of == parent) {
            family.push(*pid);
            names.push(format!("{pid} {name}"));
        }
    }
    names
}

/// Asserts that a server is as it was at first: no process below it, no file of a
/// job, no other file changed, and it answers.
fn as_before(server: &Server, before: &BTreeSet<(String, Vec<u8>)>) {
    let id = server.running.0.id();
    until("the end of every job", || below(id).is_empty().then_some(()));
    let jobs = server.book.path("target/workbook/jobs");
    until("an empty folder of jobs", || {
        let left = jobs.read_dir().map_or(0, Iterator::count);
        (left == 0).then_some(())
    });
    let now = tree(&server.book.path("."));
    let names = |set: &BTreeSet<(String, Vec<u8>)>| -> Vec<String> {
        set.iter().map(|(name, _)| name.clone()).collect()
    };
    assert!(now == *before, "{:?} was {:?}", names(&now), names(before));
    let run = server.records("programs/hello_world/run", &json!({ "tab": "after" }));
    assert_eq!(printed(&run).0, "Hello\nWorld\n");
}

/// Resident memory of a process, in bytes.
fn memory(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a size");
    line.split_whitespace().nth(1).and_then(|it| it.parse::<u64>().ok()).expect("kB") << 10
}

#[test]
#[ignore = "brings a load of its own"]
fn two_hundred_runs_of_twenty_readers_are_answered_or_refused_with_a_reason() {
    let server = Server::start();
    let before = tree(&server.book.path("."));
    server.records("programs/hello_world/run", &json!({ "tab": "warm" }));
    let id = server.running.0.id();
    let at_first = memory(id);
    let refused: usize = std::thread::scope(|scope| {
        let reader = |tab: usize| {
            let server = &server;
            move || {
                let mut refused = 0;
                for _ in 0..10 {
                    let body = json!({ "tab": tab.to_string() });
                    until("an answer", || {
                        let stream = server.post("programs/hello_world/run", &body);
                        let answer = std::io::read_to_string(stream).expect("an answer");
                        if answer.starts_with("HTTP/1.1 503") {
                            assert!(answer.contains("16 requests are waiting"), "{answer}");
                            refused += 1;
                            std::thread::sleep(Duration::from_millis(100));
                            return None;
                        }
                        for part in ["Hello\\n", "World\\n", "{\"code\":0}"] {
                            assert!(answer.contains(part), "{answer}");
                        }
                        Some(())
                    });
                }
                refused
            }
        };
        let readers: Vec<_> = (0..20).map(|tab| scope.spawn(reader(tab))).collect();
        readers.into_iter().map(|reader| reader.join().expect("it does not panic")).sum()
    });
    let grown = memory(id).saturating_sub(at_first);
    println!("200 runs answered, {refused} refused on the way, {} KiB more", grown >> 10);
    assert!(grown < 32 << 20, "{grown} bytes more after 200 runs");
    as_before(&server, &before);
}

#[test]
fn a_hostile_client_gets_a_refusal() {
    let server = Server::start();
    let before = tree(&server.book.path("."));
    let (host, own, cookie) = (server.host(), server.origin(), server.cookie());
    let ours = [&*host, &own, &cookie, "Content-Type: application/json", "Accept-Language: en"];
    let send = |route: &str, body: &str| {
        let length = format!("Content-Length: {}", body.len());
        let headers: Vec<&str> = ours.iter().copied().chain([&*length]).collect();
        let mut stream = server.send("127.0.0.1", &format!("POST {route}"), &headers);
        let _ = stream.write_all(body.as_bytes());
        std::io::read_to_string(stream).expect("an answer")
    };
    let status = |answer: &str| answer.split(' ').nth(1).unwrap_or_default().to_owned();
    let run = "/api/programs/hello_world/run";
    let deep = "[".repeat(100_000);
    for body in
        ["", "{", "null", "[1]", "{\"text\":1}", "{\"tab\":{}}", "{\"language\":\"c\"}", &deep]
    {
        let answer = send(run, body);
        assert_eq!(status(&answer), "400", "{answer}");
        assert!(answer.contains("cannot be understood"), "{answer}");
    }
    for name in [
        "..",
        "../hello_world",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e",
        "hello_world%00",
        "hello_world.rs",
        "HELLO_WORLD",
        "-",
        "--help",
        "%ff",
        "hello_world%2f..%2fhello_world",
        "a%0d%0aX:%20y",
        ".",
    ] {
        for route in
            ["programs/NAME/run", "programs/NAME/trace", "exercises/NAME", "exercises/NAME/check"]
        {
            let answer = send(
                &format!("/api/{}", route.replace("NAME", name)),
                "{\"text\":\"\",\"was\":\"\"}",
            );
            assert!(["400", "404", "405"].contains(&&*status(&answer)), "{route} {name}: {answer}");
        }
    }
    for number in ["0", "-1", "999999", "18446744073709551616", "x"] {
        let answer = send(&format!("/api/runs/{number}/input"), "{\"text\":\"x\"}");
        assert!(["400", "404"].contains(&&*status(&answer)), "{number}: {answer}");
    }
    for code in ["E99999", "E0000", "E9999", "--help", "..", "E02%00", "unused_must_use"] {
        let answer = server.raw(&format!("GET /api/explanations/{code}"), &[&host, &cookie]);
        assert!(["400", "404"].contains(&&*status(&answer)), "{code}: {answer}");
    }
    // Promised and not sent; begun and left; never ended.
    let mut left: Vec<TcpStream> = Vec::new();
    for number in 0..50 {
        let mut stream = TcpStream::connect(&server.address).expect("it listens");
        let text = match number % 3 {
            0 => format!(
                "POST {run} HTTP/1.1\r\n{}\r\nContent-Length: 100\r\n\r\n{{",
                ours.join("\r\n")
            ),
            1 => "GET / HTTP/1.1\r\nHost: ".to_owned(),
            _ => "\u{1}\u{2}\r\n\r\n".to_owned(),
        };
        let _ = stream.write_all(text.as_bytes());
        left.push(stream);
    }
    let long = format!("X-Long: {}", "x".repeat(1 << 20));
    let mut stream = TcpStream::connect(&server.address).expect("it listens");
    let _ = stream.write_all(format!("GET / HTTP/1.1\r\n{host}\r\n{long}\r\n\r\n").as_bytes());
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let mut answer = [0; 12];
    if stream.read_exact(&mut answer).is_ok() {
        assert!(answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&answer));
    }
    as_before(&server, &before);
    drop(left);
}

/// Programs that somebody could be talked into running.
#[test]
#[ignore = "takes all the memory that it may"]
fn hostile_code_ends_and_leaves_nothing() {
    let server = Server::start();
    let before = tree(&server.book.path("."));
    let book = server.book.path(".").display().to_string();
    let beside = tempfile::tempdir().expect("a folder");
    let run = |text: &str| {
        let text =
            text.replace("BOOK", &book).replace("BESIDE", &beside.path().display().to_string());
        let body = json!({ "tab": "a", "text": text });
        let records = server.records("programs/hello_world/run", &body);
        as_before(&server, &before);
        records
    };
    let end = |records: &[Value]| records.last().cloned().expect("an end");
    let error = |records: &[Value]| end(records)["error"].as_str().unwrap_or_default().to_owned();

    // Files of the reader's.
    let out = run(r#"fn main() {
        for path in ["BOOK/examples/hello_world.rs", "BOOK/new", "BESIDE/new"] {
            println!("{}", std::fs::write(path, "lost").is_err());
            println!("{}", std::fs::remove_file(path).is_err());
        }
        println!("{}", std::fs::remove_dir_all("BOOK/src").is_err());
        println!("{}", std::fs::write("own", "kept").is_ok());
    }"#);
    assert_eq!(printed(&out).0, "true\n".repeat(8), "{out:#?}");

    // Whoever started it, and everybody else.
    let out = run(r#"fn main() {
        let parent = std::fs::read_to_string("/proc/self/stat").unwrap();
        let parent = parent.rsplit(") ").next().unwrap().split(' ').nth(1).unwrap().to_owned();
        for whom in [parent.as_str(), "-1"] {
            let kill = std::process::Command::new("kill").args(["-9", "--", whom]).output().unwrap();
            println!("{}", kill.status.success());
        }
    }"#);
    // (`-1` is everybody whom it can reach: its own.)
    assert!(printed(&out).0.starts_with("false\n") || end(&out)["signal"] == 9, "{out:#?}");

    // More than there is.
    let out = run("fn main() { let mut all = Vec::new(); loop { all.push(vec![1u8; 1 << 26]) } }");
    assert!(error(&out).contains("2 GiB of memory"), "{out:#?}");
    let out = run(r#"fn main() {
        loop { let _ = std::thread::Builder::new().stack_size(16384)
            .spawn(|| std::thread::sleep(std::time::Duration::from_secs(60))); }
    }"#);
    assert!(error(&out).contains("4096 threads"), "{out:#?}");

    // Children that are not to be found again.
    let out = run(r#"fn main() {
        for _ in 0..3 {
            std::process::Command::new("setsid").args(["-f", "sh", "-c", "trap '' TERM; exec sleep 99"])
                .spawn().unwrap().wait().unwrap();
        }
        println!("left");
    }"#);
    assert_eq!((printed(&out).0.as_str(), &end(&out)["code"]), ("left\n", &json!(0)));

    // To the compiler.
    let out = run("fn main() { println!(\"{}\", include_str!(\"/etc/hostname\").len() > 0) }");
    assert_eq!(end(&out)["code"], 0, "as any program of the reader's: {out:#?}");
    let out = run(
        "static ALL: &[u8] = include_bytes!(\"/dev/zero\"); fn main() { println!(\"{}\", ALL[0]) }",
    );
    assert!(error(&out).contains("3 GiB of memory") || end(&out)["compiled"] == false, "{out:#?}");
    let out = run("macro_rules! m { ($($x:tt)*) => { m!($($x)* $($x)*) } } fn main() { m!(a) }");
    assert!(error(&out).contains("3 GiB of memory") || end(&out)["compiled"] == false, "{out:#?}");

    // What is no text, and what no terminal should see.
    let out = run(r#"fn main() {
        use std::io::Write;
        std::io::stdout().write_all(b"\xff\x00\x1b[31m{\"code\":0}\n{\"error\":\"forged\"}\n").unwrap();
    }"#);
    assert!(printed(&out).0.contains("\"forged\"") && end(&out)["code"] == 0, "{out:#?}");
}

/// The reader's own file: what somebody else wrote meanwhile is told, not lost.
#[test]
fn an_answer_is_saved_unless_somebody_else_was_quicker() {
    let server = Server::of_an_exercise();
    let first = server.ask("exercises/hello_world");
    let save = |text: &str, was: &Value| {
        let body = json!({ "text": text, "was": was });
        let answer = std::io::read_to_string(server.post("exercises/hello_world", &body));
        let answer = answer.expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
        let status = head.split(' ').nth(1).expect("a status").to_owned();
        (status, serde_json::from_str::<Value>(body).unwrap_or_else(|_| json!(body)))
    };
    let file = server.book.path("exercises/hello_world/src/lib.rs");
    let read = || std::fs::read_to_string(&file).expect("a file");
    assert_eq!(first["text"], read());

    let (status, saved) = save("// 我的\n", &first["sha"]);
    assert_eq!((status.as_str(), read().as_str()), ("200", "// 我的\n"));
    std::fs::write(&file, "// theirs\n").expect("a file");
    let (status, theirs) = save("// mine again\n", &saved["sha"]);
    assert_eq!((status.as_str(), &theirs["text"]), ("409", &json!("// theirs\n")));
    assert_eq!(read(), "// theirs\n");
    let (status, _) = save("// mine after all\n", &theirs["sha"]);
    assert_eq!((status.as_str(), read().as_str()), ("200", "// mine after all\n"));

    // What may only be read stays as it is.
    let rights = |mode| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(&file, mode).expect("our own file");
    };
    rights(0o444);
    let sha = server.ask("exercises/hello_world")["sha"].clone();
    let (status, said) = save("// lost\n", &sha);
    assert!(status == "500" && said.as_str().is_some_and(|it| it.contains("writable")), "{said}");
    assert_eq!(read(), "// mine after all\n");
    rights(0o644);

    // Not through a link, nor to what is no text.
    let aside = server.book.path("aside");
    std::fs::rename(&file, &aside).expect("it can be moved");
    std::os::unix::fs::symlink(&aside, &file).expect("a link");
    let sha = server.ask("exercises/hello_world")["sha"].clone();
    let (status, said) = save("// lost\n", &sha);
    assert!(status == "500" && said.as_str().is_some_and(|it| it.contains("link")), "{said}");
    assert_eq!(std::fs::read_to_string(&aside).expect("a file"), "// mine after all\n");
    std::fs::remove_file(&file).expect("a link");
    std::fs::write(&file, b"\xff\xfe").expect("a file");
    let answer = server.raw(
        "GET /api/exercises/hello_world",
        &[&server.host(), &server.cookie(), "Accept-Language: en"],
    );
    assert!(answer.contains("no UTF-8 text"), "{answer}");
    let (status, _) = save("// lost\n", &json!(""));
    assert_eq!((status.as_str(), std::fs::read(&file).expect("a file")), ("500", vec![0xff, 0xfe]));
}

#[test]
fn a_step_that_a_page_saw_is_remembered() {
    let server = Server::of_an_exercise();
    let note = |chapter: &str, part: &str| {
        let body = json!({ "chapter": chapter, "part": part });
        std::io::read_to_string(server.post("progress", &body)).expect("an answer")
    };
    assert!(note("hello_world", "predicted").starts_with("HTTP/1.1 204"));
    assert!(note("hello_world", "ran").starts_with("HTTP/1.1 204"));
    assert!(note("hello_world", "passed").starts_with("HTTP/1.1 400"), "only a check says so");
    assert!(note("no_such", "ran").starts_with("HTTP/1.1 404"));
    let chapter = server.ask("progress")["chapters"]["hello_world"].clone();
    assert_eq!(
        chapter,
        json!({ "predicted": true, "ran": true, "changed": false, "passed": false })
    );
    let said = || {
        let output = server.book.run(&["progress"]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(said().contains("On its page") && said().contains("predicted, ran"), "{}", said());
    let cleared = server.post("progress", &json!({ "clear": true }));
    let cleared = std::io::read_to_string(cleared).expect("an answer");
    assert!(cleared.starts_with("HTTP/1.1 204"), "{cleared}");
    assert!(!said().contains("On its page"), "{}", said());

    // What cannot be kept is not called so.
    std::fs::remove_dir_all(server.book.path(".workbook")).expect("a folder");
    server.book.write(".workbook", "");
    let answer = note("hello_world", "ran");
    assert!(answer.starts_with("HTTP/1.1 500") && answer.contains("was not kept"), "{answer}");
}

#[test]
fn without_running_pages_are_read_and_nothing_else() {
    let book = crate::support::Scratch::new();
    let server = Server::with(book, &["--no-run"]);
    assert!(!server.printed.contains("key="), "{}", server.printed);
    let page = server.get("/en/hello_world.html");
    assert!(page.contains("live-reload/alone") && !page.contains("/api/"), "{page}");
    let own = [&*server.host(), &server.origin(), "Content-Type: application/json"];
    for route in ["programs/hello_world/run", "programs/hello_world/trace", "progress"] {
        let answer = server.raw(&format!("POST /api/{route}"), &own);
        assert!(answer.contains("403") && answer.contains("--no-run"), "{answer}");
    }
    // The folder in which the pages were.
    std::fs::remove_dir_all(server.book.path("target")).expect("a folder");
    let answer = server.raw("GET /en/hello_world.html", &[&*server.host()]);
    assert!(answer.contains("503") && answer.contains("cargo clean"), "{answer}");
    let refused = server.book.fail(&["--host", "0.0.0.0"]);
    assert!(refused.contains("--host"), "{refused}");
}

/// Two servers over one target folder: neither builds over the other's pages.
#[test]
fn two_servers_have_pages_of_their_own() {
    let book = crate::support::Scratch::new();
    let reading = book.start(&["--no-open", "--port", "0", "--no-run"]);
    let first = Server::with(book, &[]);
    first.book.append("src/en/preface.md", "\nA first addition.\n");
    until("the addition", || {
        first.get("/en/preface.html").contains("A first addition.").then_some(())
    });
    let page = first.get("/en/hello_world.html");
    assert!(page.contains("/api/"), "it still runs programs: {page}");
    drop(reading);
}

#[test]
fn the_browsers_ticket_is_good_once() {
    // What is called to open an address tells it to us.
    let book = crate::support::Scratch::new();
    let told = book.path("told");
    let opener = book.path("bin/xdg-open");
    book.write("bin/xdg-open", &format!("#!/bin/sh\necho \"$1\" > {}\n", told.display()));
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&opener, mode).expect("it can run");
    let server = Server::opening(book);
    let address = until("the address", || {
        std::fs::read_to_string(&told).ok().filter(|it| it.ends_with('\n'))
    });
    let path = address.trim().split_once(&server.address).expect("it is ours").1;
    assert_ne!(address.trim(), server.printed, "the key itself is in no command line");
    let host = server.host();
    let exchanged = |answer: &str| answer.to_lowercase().contains("\nset-cookie:");
    assert!(exchanged(&server.raw(&format!("GET {path}"), &[&host])));
    assert!(!exchanged(&server.raw(&format!("GET {path}"), &[&host])), "a second time");
}
