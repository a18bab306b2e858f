//! A real Chromium, driven through ChromeDriver, and the real book to show it.
//!
//! Every call waits for its answer and panics with what it asked for, so that
//! a test reads like what a reader does.

// Each test file uses a part of this.
#![allow(dead_code)]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::{self, Runtime};

use project::Project;

use crate::support::{self, Running, WORKBOOK, copied_book, real_site, workspace};

/// How long a page may take to do what is expected of it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Keys by their WebDriver code points.
pub mod key {
    pub const ENTER: &str = "\u{e007}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const LEFT: &str = "\u{e012}";
    pub const UP: &str = "\u{e013}";
    pub const RIGHT: &str = "\u{e014}";
    pub const DOWN: &str = "\u{e015}";
    pub const END: &str = "\u{e010}";
    pub const HOME: &str = "\u{e011}";
    pub const TAB: &str = "\u{e004}";
    pub const CONTROL: char = '\u{e009}';
}

/// The real book, served. Tests that run at the same time share one server.
pub struct Served {
    running: Running,
    /// Where it is: `http://127.0.0.1:PORT`.
    pub origin: String,
    /// The address that the terminal prints, with the key of this start.
    printed: String,
    /// The folder of the book.
    pub root: PathBuf,
}

impl Served {
    /// The server, started if no other test has it running.
    pub fn book() -> Arc<Served> {
        static SHARED: Mutex<Weak<Served>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        shared.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Served::start());
            *shared = Arc::downgrade(&server);
            server
        })
    }

    fn start() -> Served {
        Served::of("shared", &["--no-open", "--port", "0"])
    }

    /// A server of its own, over the copy of this name, asked for so.
    pub fn of(name: &str, arguments: &[&str]) -> Served {
        let root = copied_book(name);
        let real = Project { root: workspace().to_owned() };
        let target = workspace().join(project::target_folder(&real.root));
        let mut child = Command::new(WORKBOOK)
            .args(arguments)
            .current_dir(&root)
            .env("WB_LANG", "en")
            // What is compiled already is so here, too.
            .env("CARGO_TARGET_DIR", target)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let mut said = BufReader::new(child.stderr.take().expect("stderr is piped")).lines();
        let running = Running(child);
        let mut before = String::new();
        let (origin, printed) = loop {
            let line = said.next().and_then(Result::ok);
            let line = line.unwrap_or_else(|| panic!("the server stopped:\n{before}"));
            if let Some(address) = line.split("http://").nth(1) {
                let host = address.split('/').next().expect("split gives one part at least");
                let printed = address.split_whitespace().next().expect("an address");
                break (format!("http://{host}"), format!("http://{printed}"));
            }
            before += &(line + "\n");
        };
        // The rest must be read, or the server would wait for its reader.
        std::thread::spawn(move || said.for_each(drop));
        Served { running, origin, printed, root }
    }

    /// The address that the terminal prints, with the key.
    pub fn printed(&self) -> &str {
        &self.printed
    }

    /// Ends it at once, as a crash does.
    pub fn kill(&mut self) {
        let _ = self.running.0.kill();
        let _ = self.running.0.wait();
    }

    /// The address of a page: `zh/gather.html`.
    pub fn url(&self, page: &str) -> String {
        format!("{}/{page}", self.origin)
    }
}

/// The book as a folder of files: the path of `zh/gather.html` as `file://…`.
pub fn file_url(page: &str) -> String {
    static SITE: OnceLock<PathBuf> = OnceLock::new();
    let site = SITE.get_or_init(|| real_site("browser-site"));
    format!("file://{}/{page}", site.display())
}

/// The pages of an edition by their paths in the site (`zh/gather.html`), as
/// its table of contents lists them.
pub fn pages(edition: &str) -> Vec<String> {
    let summary = workspace().join("src").join(edition).join("SUMMARY.md");
    let summary = std::fs::read_to_string(summary).expect("a file of the project");
    summary
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(".md)"))
        .map(|(name, _)| format!("{edition}/{name}.html"))
        .collect()
}

/// A program of Debian's, on the path.
fn program(name: &str) -> Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    Command::new(found.unwrap_or_else(|| {
        panic!("{name} is not on the PATH: apt install chromium chromium-driver fonts-noto-cjk")
    }))
}

/// A window of a browser of its own, closed when the test ends.
pub struct Browser {
    client: Option<Client>,
    runtime: Runtime,
    driver: Driver,
    session: String,
    // Removed last, after the browser is gone.
    _profile: TempDir,
}

struct Driver {
    child: Child,
    address: String,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It closes its browser before it goes.
        let _ = agent().get(format!("{}/shutdown", self.address)).call();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE));
    config.http_status_as_error(false).build().into()
}

impl Driver {
    fn start() -> Driver {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let port = port.expect("a free port").port();
        let child = program("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let driver = Driver { child, address: format!("http://127.0.0.1:{port}") };
        let status = format!("{}/status", driver.address);
        support::until("ChromeDriver", || ureq::get(&status).call().ok());
        driver
    }
}

impl Browser {
    /// Opens a window of 1280 × 900.
    pub fn open() -> Browser {
        let driver = Driver::start();
        let profile = tempfile::tempdir().expect("a temporary folder");
        let chromium = program("chromium");
        let options = json!({
            "goog:chromeOptions": {
                "binary": chromium.get_program().to_string_lossy(),
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
                    "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--window-size=1280,900",
                    format!("--user-data-dir={}", profile.path().display()),
                ],
            },
            "goog:loggingPrefs": { "performance": "ALL", "browser": "ALL" },
        });
        let Value::Object(options) = options else { unreachable!("an object, above") };
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(options);
        let client = runtime.block_on(builder.connect(&driver.address)).expect("Chromium starts");
        let session = runtime.block_on(client.session_id()).expect("a session");
        let session = session.expect("a session has an id");
        let browser = Browser { client: Some(client), runtime, driver, session, _profile: profile };
        browser.size(1280, 900);
        browser
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("open until it is dropped")
    }

    /// Opens an address and waits until the page is loaded.
    #[track_caller]
    pub fn goto(&self, url: &str) {
        self.runtime.block_on(self.client().goto(url)).unwrap_or_else(|e| panic!("{url}: {e}"));
    }

    /// Goes back to the page before.
    #[track_caller]
    pub fn back(&self) {
        self.runtime.block_on(self.client().back()).expect("there is a page before");
    }

    /// The address of the page.
    #[track_caller]
    pub fn url(&self) -> String {
        self.runtime.block_on(self.client().current_url()).expect("an address").into()
    }

    /// The value of a JavaScript expression.
    #[track_caller]
    pub fn js(&self, expression: &str) -> Value {
        self.run(&format!("return ({expression})"))
    }

    /// What a JavaScript function's body returns.
    #[track_caller]
    pub fn run(&self, body: &str) -> Value {
        let answer = self.runtime.block_on(self.client().execute(body, vec![]));
        answer.unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    /// The string that a JavaScript expression gives.
    #[track_caller]
    pub fn text(&self, expression: &str) -> String {
        match self.js(expression) {
            Value::String(text) => text,
            other => panic!("{expression} is {other}"),
        }
    }

    /// Whether a JavaScript expression is true.
    #[track_caller]
    pub fn holds(&self, expression: &str) -> bool {
        self.js(&format!("!!({expression})")) == json!(true)
    }

    /// Waits until a JavaScript expression is true; it may `await`, and may be
    /// asked while a page gives way to the next.
    #[track_caller]
    pub fn until(&self, expression: &str) {
        let body = format!("return (async () => !!({expression}))().catch(() => false)");
        let start = Instant::now();
        loop {
            let answer = self.runtime.block_on(self.client().execute(&body, vec![]));
            if matches!(answer, Ok(Value::Bool(true))) {
                return;
            }
            if start.elapsed() > PATIENCE {
                panic!("waited in vain at {} for: {expression}", self.url());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The same, while cargo may have to compile first.
    #[track_caller]
    pub fn until_compiled(&self, expression: &str) {
        support::until(expression, || self.holds(expression).then_some(()));
    }

    #[track_caller]
    fn find(&self, css: &str) -> Element {
        let found = self.runtime.block_on(self.client().find(Locator::Css(css)));
        found.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// Clicks where the first element of a selector is.
    #[track_caller]
    pub fn click(&self, css: &str) {
        let element = self.find(css);
        self.runtime.block_on(element.click()).unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Presses keys one after another, whatever has the focus.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let strokes = keys.chars().fold(KeyActions::new("keyboard".to_owned()), |strokes, key| {
            strokes.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key })
        });
        let pressed = self.runtime.block_on(self.client().perform_actions(strokes));
        pressed.unwrap_or_else(|error| panic!("{keys:?}: {error}"));
    }

    /// Presses a key while Control is held down.
    #[track_caller]
    pub fn control(&self, key: &str) {
        let key = key.chars().next().expect("a key");
        let strokes = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: key::CONTROL })
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key })
            .then(KeyAction::Up { value: key::CONTROL });
        let pressed = self.runtime.block_on(self.client().perform_actions(strokes));
        pressed.unwrap_or_else(|error| panic!("{key:?}: {error}"));
    }

    /// Writes over the first of these letters in the text that has the focus, as
    /// somebody does who selects them and types.
    #[track_caller]
    pub fn write_over(&self, old: &str, new: &str) {
        let select = format!(
            "const area = document.activeElement;
             const at = area.value.indexOf({0});
             if (at < 0) throw new Error('not there: ' + {0});
             area.setSelectionRange(at, at + {0}.length);",
            json!(old)
        );
        self.run(&select);
        self.devtools("Input.insertText", &json!({ "text": new }));
    }

    /// Opens a second tab, and makes it the one that is driven.
    #[track_caller]
    pub fn new_tab(&self) {
        let tab = self.runtime.block_on(self.client().new_window(true)).expect("a tab");
        self.runtime.block_on(self.client().switch_to_window(tab.handle)).expect("it is there");
    }

    /// Drives the tab of this number, in the order in which they were opened.
    #[track_caller]
    pub fn switch_to(&self, number: usize) {
        let tabs = self.runtime.block_on(self.client().windows()).expect("tabs");
        let tab = tabs[number].clone();
        self.runtime.block_on(self.client().switch_to_window(tab)).expect("it is there");
    }

    /// Makes the page this wide and high, to the pixel.
    #[track_caller]
    pub fn size(&self, width: u32, height: u32) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Makes the browser prefer a language, as its settings do.
    #[track_caller]
    pub fn prefer_language(&self, languages: &str) {
        let agent = self.text("navigator.userAgent");
        let setting = json!({ "userAgent": agent, "acceptLanguage": languages });
        self.devtools("Emulation.setUserAgentOverride", &setting);
    }

    /// Makes the system prefer a colour scheme, `light` or `dark`.
    #[track_caller]
    pub fn prefer_colours(&self, scheme: &str) {
        let setting = json!({
            "features": [{ "name": "prefers-color-scheme", "value": scheme }],
        });
        self.devtools("Emulation.setEmulatedMedia", &setting);
    }

    /// Turns the pages' own JavaScript off, from the next page on.
    #[track_caller]
    pub fn without_javascript(&self) {
        self.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    }

    /// A command of Chromium's own protocol.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.post("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// What a screen reader meets on the page: the controls and pictures, each
    /// as its role and its name.
    #[track_caller]
    pub fn accessible(&self) -> Vec<(String, String)> {
        const ROLES: [&str; 15] = [
            "button",
            "link",
            "searchbox",
            "textbox",
            "checkbox",
            "radio",
            "switch",
            "slider",
            "combobox",
            "menuitemradio",
            "tab",
            "dialog",
            "image",
            "Iframe",
            "navigation",
        ];
        let tree = self.devtools("Accessibility.getFullAXTree", &json!({}));
        let nodes = tree["nodes"].as_array().expect("a list of nodes").iter();
        let seen = nodes.filter(|node| node["ignored"] != true).filter_map(|node| {
            let role = node["role"]["value"].as_str()?;
            let name = node["name"]["value"].as_str().unwrap_or_default();
            ROLES.contains(&role).then(|| (role.to_owned(), name.trim().to_owned()))
        });
        seen.collect()
    }

    /// A picture of what the window shows, as PNG.
    #[track_caller]
    pub fn screenshot(&self) -> Vec<u8> {
        self.runtime.block_on(self.client().screenshot()).expect("a picture")
    }

    /// The addresses that pages have asked for since the last call.
    #[track_caller]
    pub fn requests(&self) -> Vec<String> {
        self.log("performance")
            .iter()
            .filter_map(|entry| serde_json::from_str::<Value>(entry["message"].as_str()?).ok())
            .filter(|event| event["message"]["method"] == "Network.requestWillBeSent")
            .filter_map(|event| {
                let url = &event["message"]["params"]["request"]["url"];
                url.as_str().map(str::to_owned)
            })
            .collect()
    }

    /// Fails if a page has asked for anything outside `origin` and the files of
    /// this machine, or complained in the console, since the last call.
    #[track_caller]
    pub fn expect_calm(&self, origin: &str) {
        let own = |url: &String| {
            let inside = url.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/'));
            // `chrome:` is the empty tab that a browser begins with.
            inside || ["data:", "file:", "chrome:"].iter().any(|it| url.starts_with(it))
        };
        let foreign: Vec<_> = self.requests().into_iter().filter(|url| !own(url)).collect();
        assert!(foreign.is_empty(), "requests to others: {foreign:#?}");
        let log = self.log("browser");
        let severe = log.iter().filter(|entry| entry["level"] == "SEVERE");
        let severe: Vec<_> = severe.map(|entry| &entry["message"]).collect();
        assert!(severe.is_empty(), "in the console: {severe:#?}");
    }

    #[track_caller]
    fn log(&self, kind: &str) -> Vec<Value> {
        match self.post("se/log", &json!({ "type": kind })) {
            Value::Array(entries) => entries,
            other => panic!("the {kind} log is {other}"),
        }
    }

    /// A command that only ChromeDriver has.
    #[track_caller]
    fn post(&self, command: &str, body: &Value) -> Value {
        let url = format!("{}/session/{}/{command}", self.driver.address, self.session);
        let response = agent().post(url).send(body.to_string());
        let mut response = response.unwrap_or_else(|error| panic!("{command}: {error}"));
        let text = response.body_mut().with_config().limit(u64::MAX).read_to_string();
        let answer = serde_json::from_str::<Value>(&text.expect("text")).expect("JSON");
        assert!(answer["value"]["error"].is_null(), "{command}: {answer}");
        answer["value"].clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // A browser that is gone already has nothing to close.
            let _ = self.runtime.block_on(client.close());
        }
    }
}

/// Opens a browser with the real book beside it, at the printed address, as a
/// reader does.
pub fn reader() -> (Browser, Arc<Served>) {
    beside(Served::book())
}

/// The same with a book that nobody else reads or solves meanwhile.
pub fn reader_of(name: &str) -> (Browser, Arc<Served>) {
    beside(Arc::new(Served::of(name, &["--no-open", "--port", "0"])))
}

fn beside(book: Arc<Served>) -> (Browser, Arc<Served>) {
    let browser = Browser::open();
    browser.goto(&book.printed);
    (browser, book)
}
