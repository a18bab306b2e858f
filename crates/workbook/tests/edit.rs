//! What a reader does with code on a page, in a real browser: edit, run, watch the
//! lanes follow, check an exercise. `cargo test -p workbook --test workbook edit -- --ignored`.
//!
//! The book is a copy of the real one, so that an answer can be written.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::chromium::{Browser, Served, file_url, key, reader, reader_of};
use crate::support::until;

/// The Rust listing, the output below it, and the exercise of a chapter's page.
const RUST: &str = ".wb-listing[data-lang=rust]";
const STATUS: &str =
    "document.querySelector('.wb-listing[data-lang=rust] .wb-live .wb-status').textContent";
const LINES: &str = "[...document.querySelectorAll('.wb-listing[data-lang=rust] .wb-live .wb-out')].map(it => it.textContent).join('')";
const DRAWN: &str = "document.querySelector('.wb-drawn wb-timeline')";
const EDITED: &str = "document.querySelector('.wb-listing[data-lang=rust] textarea').value";

/// Opens a chapter's page, and its Rust program in the editor.
fn edit(browser: &Browser, book: &Served, page: &str) {
    browser.goto(&book.url(page));
    browser.until(&format!("document.querySelector('{RUST} .wb-edit')"));
    browser.click(&format!("{RUST} .wb-edit"));
    browser.until(&format!("document.activeElement.matches('{RUST} textarea')"));
}

/// Writes over everything that stands in the editor that has the focus.
fn write_all(browser: &Browser, text: &str) {
    browser.run("document.activeElement.select()");
    browser.devtools("Input.insertText", &json!({ "text": text }));
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn an_edit_is_run_kept_and_reset_in_both_editions_wide_and_narrow() {
    let (browser, book) = reader();
    let file = book.root.join("examples/gather.rs");
    let before = std::fs::read_to_string(&file).expect("a file");
    for (page, width, finished, kept) in [
        ("en/gather.html", 1280, "Finished", "Your edit is kept on this machine"),
        ("zh/gather.html", 400, "运行结束", "改动保存在本机"),
    ] {
        browser.size(width, 900);
        browser.run("localStorage.clear()");
        edit(&browser, &book, page);
        browser.write_over("Task 1 completed", "第一个好了");
        browser.write_over("from_secs(1)", "from_millis(50)");
        browser.write_over("from_secs(2)", "from_millis(950)");
        browser.control(key::ENTER);
        browser.until_compiled(&format!("{STATUS}.startsWith('{finished}')"));
        assert_eq!(browser.text(LINES), "第一个好了\nTask 2 completed\n");
        browser
            .until(&format!("document.querySelector('{RUST} .wb-state').textContent === '{kept}'"));
        let fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        assert!(browser.holds(fits), "{page} scrolls sideways at {width}");

        browser.goto(&book.url(page));
        browser.until(&format!("!document.querySelector('{RUST} .wb-kept').hidden"));
        assert!(browser.holds(&format!("!document.querySelector('{RUST} > pre').hidden")));
        browser.click(&format!("{RUST} .wb-kept button"));
        browser.until(&format!("{EDITED}.includes('第一个好了')"));
        browser.run(&format!(
            "[...document.querySelectorAll('{RUST} .wb-bar button')].find(it => /^(Reset|恢复书里的)$/.test(it.textContent)).click()"
        ));
        browser.until(&format!("{EDITED} === {}", json!(before.trim_end())));
    }
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), before);
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn what_rustc_says_stands_at_its_line() {
    let (browser, book) = reader();
    edit(&browser, &book, "en/gather.html");
    browser.write_over("join!(task1(), task2())", "join!(task1(), task3())");
    browser.control(key::ENTER);
    let said = format!("document.querySelector('{RUST} .wb-diagnostic')");
    browser.until(&format!("{said}?.textContent.includes('cannot find function')"));
    assert!(browser.holds(&format!("{said}.dataset.level === 'error'")));
    let link = browser.text(&format!("{said}.querySelector('a').href"));
    assert!(link.ends_with("/api/explanations/E0425"), "{link}");
    // Below the line that it speaks of, above the next.
    let between = format!(
        "(() => {{
            const lines = [...document.querySelectorAll('{RUST} .pce-line')];
            const at = lines.findIndex(it => it.textContent.includes('task3'));
            const box = {said}.getBoundingClientRect();
            return box.top >= lines[at].getBoundingClientRect().bottom - 2
                && box.bottom <= lines[at + 1].getBoundingClientRect().top + 2;
        }})()"
    );
    browser.until(&between);
    // Mended, and with a warning instead.
    browser.click(&format!("{RUST} textarea"));
    browser.write_over("task3()", "task2()");
    browser.write_over("async fn main() {", "async fn main() { let unused = 1;");
    browser.control(key::ENTER);
    browser.until(&format!("{said}?.dataset.level === 'warning'"));
    browser.until(&format!("{STATUS}.startsWith('Finished')"));
    browser.goto(&link);
    browser.until("document.querySelector('pre').textContent.includes('An unresolved name')");
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn the_lanes_follow_what_is_typed() {
    let (browser, book) = reader();
    edit(&browser, &book, "en/gather.html");
    browser.run("[...document.querySelectorAll('.wb-bar button')].find(it => it.textContent === 'Lanes').click()");
    browser.until(
        "document.querySelector('.wb-trace .wb-none')?.textContent.includes('As in the book')",
    );
    browser.run(&format!("document.querySelector('{RUST} textarea').focus()"));
    browser.write_over("from_secs(1)", "from_secs(7)");
    browser.until_compiled(&format!("{DRAWN}?.textContent.includes('sleep 7 s')"));
    // The book's own stays beside it, and nothing has one name twice.
    browser.until("document.querySelectorAll('.wb-trace .wb-side').length === 2");
    let ids = browser.js(
        "(ids => ids.filter((id, at) => ids.indexOf(id) !== at))([...document.querySelectorAll('[id]')].map(it => it.id))",
    );
    assert_eq!(ids, json!([]));

    // A composition is not cut off: the text is the keyboard's until it is over.
    browser.run("const area = document.activeElement; const at = area.value.indexOf('Task 1'); area.setSelectionRange(at, at + 6)");
    for text in ["n", "ni", "ni'h", "ni'hao"] {
        let end = text.len();
        let typed = json!({ "text": text, "selectionStart": end, "selectionEnd": end });
        browser.devtools("Input.imeSetComposition", &typed);
        std::thread::sleep(Duration::from_millis(250));
    }
    std::thread::sleep(Duration::from_millis(700));
    assert!(!browser.holds(&format!("{DRAWN}.textContent.includes('ni\\'h')")), "in its middle");
    browser.devtools("Input.insertText", &json!({ "text": "你好" }));
    browser.until(&format!("{DRAWN}.textContent.includes('你好 completed')"));

    // What does not compile leaves the last picture, greyed; what hangs is drawn.
    browser.write_over("你好", "\" oops");
    browser.until("document.querySelector('.wb-drawn.wb-stale')");
    browser.until(&format!("document.querySelector('{RUST} .wb-diagnostic')"));
    browser.write_over("\" oops", "again");
    browser.until(&format!(
        "{DRAWN}.textContent.includes('again completed') && !document.querySelector('.wb-stale')"
    ));
    browser.write_over("sleep(Duration::from_secs(2)).await", "std::future::pending::<()>().await");
    browser
        .until("document.querySelector('.wb-drawn .wb-ending')?.textContent.includes('deadlock')");

    // Step by step, the line lights up in the editor.
    browser.run(&format!("{DRAWN}.querySelectorAll('.wb-steps button')[2].click()"));
    browser.until(&format!("!document.querySelector('{RUST} .wb-editor .wb-lit').hidden"));
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn a_program_reads_what_is_typed_and_python_runs_too() {
    let (browser, book) = reader();
    edit(&browser, &book, "zh/hello_world.html");
    write_all(
        &browser,
        "fn main() {\n    let mut line = String::new();\n    println!(\"?\");\n    \
         std::io::stdin().read_line(&mut line).unwrap();\n    eprintln!(\"<{}>\", line.trim());\n    \
         std::process::abort();\n}\n",
    );
    browser.control(key::ENTER);
    browser.until(&format!("document.querySelector('{RUST} .wb-stdin input')"));
    browser.click(&format!("{RUST} .wb-stdin input"));
    browser.devtools("Input.insertText", &json!({ "text": "在这里" }));
    browser.press(key::ENTER);
    browser.until(&format!(
        "document.querySelector('{RUST} .wb-err')?.textContent.includes('<在这里>')"
    ));
    browser.until(&format!("{STATUS}.includes('SIGABRT')"));

    let python = ".wb-listing[data-lang=python]";
    browser.click(&format!("{python} .wb-edit"));
    browser.until(&format!("document.activeElement.matches('{python} textarea')"));
    write_all(&browser, "import sys\nprint('蟒', sys.version_info >= (3, 11))\n");
    browser.control(key::ENTER);
    browser.until(&format!(
        "document.querySelector('{python} .wb-out')?.textContent === '蟒 True\\n'"
    ));
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn an_exercise_goes_from_red_to_green() {
    let (browser, book) = reader_of("solved");
    let folder = book.root.join("exercises/gather");
    let [answer, solution, starter] =
        ["src/lib.rs", "solution.rs", "starter.rs"].map(|file| folder.join(file));
    let text = |path: &PathBuf| std::fs::read_to_string(path).expect("a file");
    std::fs::write(&answer, text(&starter)).expect("a file");
    browser.goto(&book.url("en/gather.html"));
    browser.click(".wb-exercise .wb-check");
    let head = "document.querySelector('.wb-checked .wb-status')?.textContent";
    browser.until_compiled(&format!("{head}?.startsWith('Not passed')"));
    browser.until("document.querySelector('.wb-tests [data-passed=false] pre').textContent.includes('expected 3')");
    // What the answer did in that test.
    browser.run("document.querySelector('.wb-tests [data-passed=false] button').click()");
    browser.until_compiled(
        "document.querySelector('.wb-in-test wb-timeline')?.textContent.includes('sleep 3 s')",
    );

    browser.click(".wb-exercise .wb-edit");
    browser.until("document.activeElement.matches('.wb-exercise textarea')");
    write_all(&browser, &text(&solution));
    until("the saved file", || (text(&answer) == text(&solution)).then_some(()));
    browser.control(key::ENTER);
    browser.until(&format!("{head}?.startsWith('Passed')"));
    browser
        .until("document.querySelector('#mdbook-sidebar a.active .wb-mark[aria-label*=passed]')");
    browser.run("document.querySelector('.wb-tests button').click()");
    browser.until("document.querySelectorAll('.wb-in-test wb-timeline').length === 2");

    // Somebody else writes the file: taken at once, or asked about.
    let theirs = text(&solution).replace("join_all", "join_all /* theirs */");
    std::fs::write(&answer, &theirs).expect("a file");
    browser.until("document.querySelector('.wb-exercise textarea').value.includes('theirs')");
    std::fs::write(&answer, text(&starter)).expect("a file");
    browser.until(&format!(
        "document.querySelector('.wb-exercise textarea').value === {}",
        json!(text(&starter))
    ));
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn two_tabs_do_not_overwrite_each_other() {
    let (browser, book) = reader();
    edit(&browser, &book, "en/gather.html");
    browser.new_tab();
    edit(&browser, &book, "en/gather.html");
    browser.write_over("Task 1", "Tab two");
    browser.until("document.querySelector('.wb-state').textContent.includes('kept')");
    browser.switch_to(0);
    browser.until("document.querySelector('[data-kind=tabs]')?.textContent.includes('changed in another tab')");
    assert!(browser.holds(&format!("{EDITED}.includes('Task 1')")));
    browser.run("document.querySelector('[data-kind=tabs] button').click()");
    browser.until(&format!("{EDITED}.includes('Tab two')"));
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn a_server_that_is_gone_and_back_loses_no_text() {
    let mut book = Served::of("gone", &["--no-open", "--port", "0"]);
    let port = book.origin.rsplit(':').next().expect("a port").to_owned();
    let browser = Browser::open();
    browser.goto(book.printed());
    edit(&browser, &book, "en/gather.html");
    browser.write_over("Task 1", "Still here");
    book.kill();
    browser.control(key::ENTER);
    browser.until(&format!("{STATUS}.includes('cargo run')"));
    let book = Served::of("gone", &["--no-open", "--port", &port]);
    browser.control(key::ENTER);
    browser.until(&format!("{STATUS}.includes('started anew')"));
    assert!(browser.holds(&format!("{EDITED}.includes('Still here')")));
    browser.new_tab();
    browser.goto(book.printed());
    browser.switch_to(0);
    browser.run(&format!("document.querySelector('{RUST} textarea').focus()"));
    browser.control(key::ENTER);
    browser.until(&format!("{STATUS}.startsWith('Finished')"));
    browser.until(&format!("{LINES}.includes('Still here completed')"));
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn the_keyboard_alone_is_enough_and_tab_can_leave() {
    let (browser, book) = reader();
    browser.goto(&book.url("en/gather.html"));
    browser.run(&format!("document.querySelector('{RUST} .wb-edit').focus()"));
    browser.press(key::ENTER);
    browser.until(&format!("document.activeElement.matches('{RUST} textarea')"));
    let name = browser.text("document.activeElement.getAttribute('aria-label')");
    assert!(name.contains("examples/gather.rs"), "{name}");
    let described = "document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent";
    assert!(browser.text(described).contains("Esc"), "{}", browser.text(described));
    browser.run("document.activeElement.setSelectionRange(0, 0)");
    browser.press(key::TAB);
    browser.until(&format!("{EDITED}.startsWith(' ')"));
    browser.press(key::ESCAPE);
    browser.press(key::TAB);
    browser.until("!document.activeElement.matches('textarea')");
    let unnamed: Vec<_> =
        browser.accessible().into_iter().filter(|(_, name)| name.is_empty()).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn where_nothing_runs_a_line_says_how() {
    let buttons = "document.querySelectorAll('.wb-edit, .wb-check').length";
    let book = Served::of("read", &["--no-open", "--no-run", "--port", "0"]);
    let browser = Browser::open();
    browser.goto(&book.url("zh/gather.html"));
    browser.until("document.querySelector('.wb-more')?.textContent.includes('--no-run')");
    assert_eq!(browser.js(buttons), json!(0));
    browser.goto(&file_url("en/gather.html"));
    browser.until("document.querySelector('.wb-more')?.textContent.includes('cargo run')");
    assert_eq!(
        (browser.js(buttons), browser.js("document.querySelectorAll('.wb-more').length")),
        (json!(0), json!(1))
    );
}

/// axe-core, as the Python package has it.
fn axe() -> String {
    let python = std::env::var("WB_PYTHON").unwrap_or_else(|_| "python3".into());
    let ask = "import importlib.util as u; print(u.find_spec('axe_playwright_python').submodule_search_locations[0])";
    let said = std::process::Command::new(&python).args(["-c", ask]).output().expect("Python");
    let folder = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    std::fs::read_to_string(format!("{folder}/axe.min.js")).unwrap_or_else(|error| {
        panic!("{error}: {python} -m pip install --no-deps axe-playwright-python")
    })
}

/// What axe finds wrong with the page as it stands: rules and elements.
fn expect_accessible(browser: &Browser, axe: &str, state: &str) {
    // Not by a script of the page's: its policy would let none in.
    browser.devtools("Runtime.evaluate", &json!({ "expression": axe }));
    let run = "axe.run({ resultTypes: ['violations'] }).then(found => JSON.stringify(
        found.violations.map(({ id, nodes }) => [id, nodes.map(node => node.target.join(' '))])))";
    let parameters = json!({ "expression": run, "awaitPromise": true, "returnByValue": true });
    let found = browser.devtools("Runtime.evaluate", &parameters);
    assert_eq!(found["result"]["value"], json!("[]"), "{state}");
}

#[test]
#[ignore = "needs Chromium, ChromeDriver and the Python package axe-playwright-python"]
fn axe_finds_nothing_wrong_with_what_is_edited_drawn_and_checked() {
    let axe = axe();
    let (browser, book) = reader_of("axe");
    for (language, width, scheme) in
        [("en", 1280, "light"), ("en", 400, "dark"), ("zh", 400, "light"), ("zh", 1280, "dark")]
    {
        browser.size(width, 900);
        browser.prefer_colours(scheme);
        browser.goto(&book.url(&format!("{language}/gather.html")));
        browser.run("localStorage.clear()");
        let state = |what: &str| format!("{what}, {language}, {width} px, {scheme}");
        expect_accessible(&browser, &axe, &state("the page"));
        edit(&browser, &book, &format!("{language}/gather.html"));
        browser.write_over("from_secs(1)", "from_secs(4)");
        browser.run(&format!("document.querySelector('{RUST} .wb-bar button').click()"));
        browser.until_compiled(&format!("{DRAWN}?.textContent.includes('sleep 4')"));
        expect_accessible(&browser, &axe, &state("the lanes"));
        browser.run(&format!("document.querySelector('{RUST} textarea').focus()"));
        browser.write_over("task2())", "task3())");
        browser.control(key::ENTER);
        browser.until(&format!("document.querySelector('{RUST} .wb-diagnostic')"));
        browser.until("document.querySelector('.wb-stale')");
        expect_accessible(&browser, &axe, &state("an error"));
        browser.click(".wb-exercise .wb-edit");
        browser.until("document.activeElement.matches('.wb-exercise textarea')");
        browser.click(".wb-exercise .wb-check");
        browser.until_compiled("document.querySelector('.wb-tests [data-passed=false]')");
        expect_accessible(&browser, &axe, &state("a verdict"));
    }
}

/// Medians of ten, warm, as a reader feels them; printed, and nothing asserted.
#[test]
#[ignore = "a benchmark"]
fn how_long_a_reader_waits_a_benchmark() {
    let (browser, book) = reader();
    let median = |what: &str, mut once: Box<dyn FnMut(usize) -> Duration + '_>| {
        let mut times: Vec<Duration> = (0..10).map(&mut once).collect();
        times.sort();
        println!(
            "{what}: {:.2} s ({:.2} to {:.2})",
            times[5].as_secs_f64(),
            times[0].as_secs_f64(),
            times[9].as_secs_f64()
        );
    };
    let since = |body: &str| {
        let start = Instant::now();
        browser.until_compiled(body);
        start.elapsed()
    };
    browser.goto(&book.url("en/hello_world.html"));
    let first = format!("document.querySelector('{RUST} .wb-out')");
    let run = |browser: &Browser| {
        browser.run(&format!("document.querySelector('{RUST} .wb-live code')?.replaceChildren(); document.querySelector('{RUST} .wb-run .wb-play').click()"));
    };
    run(&browser);
    browser.until_compiled(&format!("{STATUS}.startsWith('Finished')"));
    median(
        "click to the first line, unedited",
        Box::new(|_| {
            run(&browser);
            let time = since(&first);
            browser.until_compiled(&format!("{STATUS}.startsWith('Finished')"));
            time
        }),
    );
    median(
        "the editor after the first click",
        Box::new(|_| {
            browser.goto(&book.url("en/hello_world.html"));
            browser.run("localStorage.clear()");
            browser.run(&format!("document.querySelector('{RUST} .wb-edit').click()"));
            since(&format!("document.activeElement.matches('{RUST} textarea')"))
        }),
    );
    browser.goto(&book.url("en/hello_world.html"));
    browser.run(&format!("document.querySelector('{RUST} .wb-edit').click()"));
    browser.until(&format!("document.activeElement.matches('{RUST} textarea')"));
    let mut last = "World".to_owned();
    let mut change = |browser: &Browser, number: usize| {
        let next = format!("World{number}{:?}", Instant::now())
            .replace(|it: char| !it.is_alphanumeric(), "");
        browser.run(&format!("document.querySelector('{RUST} textarea').focus()"));
        browser.write_over(&last, &next);
        last.clone_from(&next);
        next
    };
    median(
        "click to the first line, edited",
        Box::new(|number| {
            change(&browser, number);
            run(&browser);
            let time = since(&first);
            browser.until_compiled(&format!("{STATUS}.startsWith('Finished')"));
            time
        }),
    );
    browser.run("[...document.querySelectorAll('.wb-bar button')].find(it => it.textContent === 'Lanes').click()");
    browser.until_compiled(DRAWN);
    median(
        "the last key to the drawn lanes",
        Box::new(|number| {
            let next = change(&browser, 100 + number);
            since(&format!("{DRAWN}.textContent.includes('{next}')"))
        }),
    );
    browser.goto(&book.url("en/gather.html"));
    browser.until_compiled("document.querySelector('.wb-exercise .wb-check')");
    let check = |_| {
        browser.run("document.querySelector('.wb-exercise .wb-check').click()");
        browser.until("document.querySelector('.wb-check[aria-disabled]')");
        since("!document.querySelector('.wb-check[aria-disabled]')")
    };
    // The first one compiles the tests.
    check(0);
    median("a check", Box::new(check));
}

/// A change that the page proposes opens in the editor, whole.
#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn a_proposed_change_opens_in_the_editor() {
    let (browser, book) = reader();
    let text = |path: &str| std::fs::read_to_string(book.root.join(path)).expect("a file");
    let program = text("examples/gather.rs");
    for (page, id) in [("en", "blocked_on_several_threads"), ("zh", "one_after_the_other")] {
        browser.goto(&book.url(&format!("{page}/gather.html")));
        browser.run("localStorage.clear()");
        let button = format!("document.querySelector('[data-change={id}] .wb-run .wb-action')");
        browser.until(&button);
        browser.run(&format!("{button}.click()"));
        let project = project::Project { root: book.root.clone() };
        let change = changes::named(&project, "gather", id).expect("it is proposed");
        let changed = change.apply(&program).expect("it fits");
        browser.until(&format!("{EDITED} === {}", json!(changed.trim_end())));
        browser.run(&format!(
            "document.querySelector('[data-change={id}].wb-outcome').closest('details').open = true"
        ));
        browser.until(&format!(
            "document.querySelectorAll('[data-change={id}] .wb-side').length === 2"
        ));
    }
    browser.expect_calm(&book.origin);
}
