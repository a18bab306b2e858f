//! The local server: pages, live reload, the Run button, Ctrl-C.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, channel};

use crate::support::{Running, Scratch, until};

/// A server over a scratch book.
struct Server {
    book: Scratch,
    running: Running,
    address: String,
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
        let mut server = Server { book, running, address: String::new(), said };
        let line = server.hear("The book is at");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        server.address = address.expect("the line names the address").to_owned();
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
    let response = ureq::post(&url).send_empty().expect("the run starts");
    let mut text = String::new();
    response.into_body().into_reader().read_to_string(&mut text).expect("text");
    assert_eq!(text, "Hello\nWorld\n\u{1e}{\"code\":0}");

    let unknown = ureq::post(format!("http://{}/run/no_such", server.address)).send_empty();
    assert!(matches!(unknown, Err(ureq::Error::StatusCode(404))), "{unknown:?}");
}

#[test]
fn a_foreign_name_of_this_machine_is_refused() {
    let server = Server::start();
    let url = format!("http://{}/zh/index.html", server.address);
    let answer = ureq::get(&url).header("host", "attacker.example").call();
    assert!(matches!(answer, Err(ureq::Error::StatusCode(403))), "{answer:?}");
}

#[test]
fn ctrl_c_stops_cleanly() {
    let mut server = Server::start();
    server.running.interrupt();
    let status = server.running.0.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
}
