//! The widgets in a real browser: `cargo test -p workbook --test workbook widgets -- --ignored`.
//!
//! By mouse, by touch, by keys, at 400 px, and without JavaScript; and what
//! theme/js/trace.js works out, on recordings and on data made by hand.

use std::time::Duration;

use crate::chromium::{Browser, file_url, key, reader, reader_of};
use serde_json::{Value, json};

/// Keys that support/browser.rs does not name.
const HOME: &str = "\u{e011}";
const END: &str = "\u{e010}";

const CHAPTERS: [&str; 6] =
    ["hello_world", "gather", "create_task", "cancel", "wait_for", "queue_workers"];

/// True where nothing can be scrolled sideways.
const FITS: &str = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";

fn lines(browser: &Browser) -> Value {
    browser.js("[...document.querySelectorAll('.wb-lines code')].map(code => code.textContent)")
}

fn count(browser: &Browser, css: &str) -> u64 {
    let found = browser.js(&format!("document.querySelectorAll({}).length", json!(css)));
    found.as_u64().expect("a number")
}

fn text(browser: &Browser, css: &str) -> String {
    browser.text(&format!("document.querySelector({}).textContent", json!(css)))
}

/// Puts an element into the middle of the window; the middle of that element.
fn middle(browser: &Browser, css: &str) -> (f64, f64) {
    let place = browser.run(&format!(
        "const node = document.querySelector({});
         node.scrollIntoView({{ block: 'center', behavior: 'instant' }});
         const box = node.getBoundingClientRect();
         return [box.x + box.width / 2, box.y + box.height / 2];",
        json!(css)
    ));
    (place[0].as_f64().expect("a number"), place[1].as_f64().expect("a number"))
}

fn mouse(browser: &Browser, kind: &str, (x, y): (f64, f64)) {
    browser.devtools(
        "Input.dispatchMouseEvent",
        &json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1 }),
    );
}

fn touch(browser: &Browser, kind: &str, points: &[(f64, f64)]) {
    let points: Vec<Value> = points.iter().map(|(x, y)| json!({ "x": x, "y": y })).collect();
    browser.devtools("Input.dispatchTouchEvent", &json!({ "type": kind, "touchPoints": points }));
}

/// Answers the question about time: the choice of this text.
fn choose(browser: &Browser, choice: &str) {
    browser.run(&format!(
        "[...document.querySelectorAll('.wb-when label')]
            .find(label => label.textContent === {}).click()",
        json!(choice)
    ));
}

const CHECK: &str = "wb-predict .wb-action";

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn predicting_by_mouse() {
    let (browser, book) = reader_of("predicting_by_mouse");
    browser.goto(&book.url("zh/gather.html"));
    assert_eq!(count(&browser, ".wb-cover"), 2, "output and timeline wait");
    assert!(browser.holds("document.querySelector('.wb-output pre').offsetParent === null"));
    const TOLD: &str = "document.querySelector('wb-replay + p').offsetParent";
    assert!(browser.holds(&format!("{TOLD} === null")), "nor what is said of the output");
    assert_eq!(lines(&browser), json!(["Task 2 completed", "Task 1 completed"]));
    browser.click(CHECK);
    let verdict = text(&browser, ".wb-verdict");
    assert!(
        verdict.contains("Task 2 completed 在 2 秒打印，在这之后：sleep 2 秒（第 10 行）"),
        "{verdict}"
    );

    let to = middle(&browser, ".wb-lines li:nth-child(2)");
    let from = middle(&browser, ".wb-lines li:nth-child(1)");
    let to = (to.0, from.1 + 45.0);
    mouse(&browser, "mousePressed", from);
    for step in 1..=5 {
        let share = f64::from(step) / 5.0;
        mouse(&browser, "mouseMoved", (from.0, from.1 + (to.1 - from.1) * share));
    }
    mouse(&browser, "mouseReleased", to);
    assert_eq!(lines(&browser), json!(["Task 1 completed", "Task 2 completed"]));

    choose(&browser, "3 秒");
    browser.click(CHECK);
    assert_eq!(count(&browser, ".wb-cover"), 2, "the time is wrong");
    choose(&browser, "2 秒");
    browser.click(CHECK);
    assert_eq!(count(&browser, ".wb-cover"), 0);
    assert!(browser.holds("document.querySelector('.wb-output pre').offsetParent !== null"));
    assert!(browser.holds(&format!("{TOLD} !== null")));
    assert_eq!(count(&browser, "a.active > .wb-mark-predicted"), 1);

    browser.goto(&book.url("zh/gather.html"));
    assert_eq!(count(&browser, ".wb-cover"), 0, "it is remembered");
    browser.run("window.confirm = () => true");
    browser.click(".wb-clear");
    assert_eq!(count(&browser, ".wb-mark"), 0);
    browser.goto(&book.url("zh/gather.html"));
    assert_eq!(count(&browser, ".wb-cover"), 2, "it is forgotten");
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn predicting_by_keys() {
    let (browser, book) = reader();
    browser.goto(&book.url("en/create_task.html"));
    let right = json!(["Hello", "World", "Done.", "Time: 0 s"]);
    let right_lines = right.as_array().expect("a list");
    for (place, line) in right_lines.iter().enumerate() {
        browser.run(&format!(
            "[...document.querySelectorAll('.wb-lines li')]
                .find(li => li.querySelector('code').textContent === {line}).focus()"
        ));
        browser.press(END);
        assert!(text(&browser, ".wb-announce").is_empty() || place < 4);
    }
    assert_eq!(lines(&browser), right);
    browser.press(key::UP);
    assert_eq!(lines(&browser), json!(["Hello", "World", "Time: 0 s", "Done."]));
    assert_eq!(text(&browser, "wb-predict .wb-announce"), "moved to line 3");
    let focused = browser.text("document.activeElement.ariaLabel");
    assert_eq!(focused, "line 3 of 4: Time: 0 s", "the focus goes with the line");
    browser.click(CHECK);
    let verdict = text(&browser, ".wb-verdict");
    assert!(verdict.contains("2 lines are in place."), "{verdict}");
    assert!(verdict.contains("in one poll, which reaches line 19 before line 22"), "{verdict}");
    browser.run("document.querySelector('.wb-lines li:nth-child(3)').focus()");
    browser.press(key::DOWN);
    browser.click(CHECK);
    assert!(text(&browser, ".wb-verdict").starts_with("Right."));
    assert_eq!(count(&browser, ".wb-cover"), 0);
    assert!(text(&browser, ".wb-controls").contains("no pause to replay"));
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn predicting_by_touch() {
    let (browser, book) = reader();
    browser.size(400, 800);
    browser.devtools("Emulation.setTouchEmulationEnabled", &json!({ "enabled": true }));
    browser.goto(&book.url("en/gather.html"));
    let from = middle(&browser, ".wb-lines li:nth-child(1) .wb-grip");
    touch(&browser, "touchStart", &[from]);
    for step in 1..=5 {
        touch(&browser, "touchMove", &[(from.0, from.1 + 9.0 * f64::from(step))]);
    }
    touch(&browser, "touchEnd", &[]);
    assert_eq!(lines(&browser), json!(["Task 1 completed", "Task 2 completed"]));
    assert!(browser.holds(FITS));
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn one_line_is_asked_about_by_its_time() {
    let (browser, _book) = reader();
    browser.goto(&file_url("en/cancel.html"));
    assert_eq!(count(&browser, ".wb-lines"), 0);
    choose(&browser, "1.5 s");
    browser.click(CHECK);
    let verdict = text(&browser, ".wb-verdict");
    assert!(verdict.contains("is printed at 500 ms, after sleep 500 ms (line 12)"), "{verdict}");
    choose(&browser, "500 ms");
    browser.click(CHECK);
    assert_eq!(count(&browser, ".wb-cover"), 0);

    browser.goto(&file_url("en/wait_for.html"));
    browser.click("wb-predict .wb-quietly");
    assert_eq!(count(&browser, ".wb-cover"), 0, "skipped");
    assert_eq!(count(&browser, "a.active > .wb-mark"), 0, "skipping is not predicting");
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn replaying() {
    let (browser, book) = reader();
    browser.goto(&book.url("en/queue_workers.html"));
    browser.click("wb-predict .wb-quietly");
    let later = || count(&browser, ".wb-output .wb-later");
    assert_eq!(later(), 0, "while nothing is replayed, all of it is there");
    let speed = |text: &str| {
        let shown = "document.querySelector('.wb-speed').textContent";
        while browser.text(shown) != text {
            browser.click("wb-replay .wb-speed");
        }
    };
    speed("½×");
    browser.click("wb-replay .wb-play");
    browser.until("document.querySelectorAll('.wb-output .wb-later').length === 7");
    browser.click("wb-replay .wb-play");
    let paused = (later(), text(&browser, ".wb-clock"));
    assert!(paused.0 > 0);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!((later(), text(&browser, ".wb-clock")), paused);
    speed("2×");
    browser.click("wb-replay .wb-play");
    browser.until("document.querySelectorAll('.wb-output .wb-later').length === 0");
    browser.until("document.querySelector('.wb-clock').textContent === '4 s'");

    browser.run("document.querySelector('wb-replay input').focus()");
    browser.press(key::LEFT);
    assert_eq!(text(&browser, ".wb-clock"), "3.0 / 4 s");
    browser.press(key::LEFT);
    assert_eq!(later(), 1);
    browser.press(HOME);
    assert_eq!(later(), 7);
    let value = browser.text("document.querySelector('wb-replay input').ariaValueText");
    assert_eq!(value, "0 s, 3 lines printed");
    browser.press(key::RIGHT);
    assert_eq!(later(), 4);
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn walking_through_a_timeline() {
    let (browser, book) = reader();
    browser.goto(&book.url("en/gather.html"));
    browser.click("wb-predict .wb-quietly");
    let sentence = || text(&browser, ".wb-sentence");
    let lit = || count(&browser, ".wb-listing[data-lang=rust] .wb-lit");
    assert!(sentence().starts_with("Click a part of the picture"));

    mouse(&browser, "mouseMoved", middle(&browser, ".wb-wide .wb-wait"));
    browser.until("document.querySelector('.wb-sentence').textContent.includes('waits for')");
    assert!(sentence().contains("branch task1 waits for sleep 1 s, until 1 s"), "{}", sentence());
    assert!(sentence().contains("line 5 sleep(Duration::from_secs(1)).await;"), "{}", sentence());
    assert_eq!(lit(), 1);
    let over_the_line = browser.js("(() => {
            const code = document.querySelector('.wb-listing[data-lang=rust] pre > code');
            const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
            const range = document.createRange();
            for (let breaks = 0; breaks < 4;) {
                const { data } = walker.nextNode();
                for (let at = 0; at < data.length && breaks < 4; at++) {
                    if (data[at] === '\\n' && ++breaks === 4) {
                        range.setStart(walker.currentNode, at + 1);
                        range.setEnd(walker.currentNode, at + 5);
                    }
                }
            }
            const { top, bottom } = code.querySelector('.wb-lit').getBoundingClientRect();
            const line = range.getBoundingClientRect();
            return bottom > line.top && top < line.bottom;
        })()");
    assert_eq!(over_the_line, json!(true));

    browser.click(".wb-steps .wb-play");
    assert_eq!(text(&browser, ".wb-count"), "1 / 15");
    for _ in 0..5 {
        browser.press(key::RIGHT);
    }
    assert_eq!(text(&browser, ".wb-count"), "6 / 15");
    assert!(sentence().contains("woken by the timer"), "{}", sentence());
    let panels = || {
        browser.js("[...document.querySelectorAll('wb-timeline[data-program=gather] .wb-panel-body')].map(body => body.textContent)")
    };
    assert_eq!(
        panels(),
        json!(["main", "main branch task2 waits for sleep 2 s, until 2 s", "none"])
    );
    browser.press(END);
    assert_eq!(panels(), json!(["none", "none", "1 sTask 1 completed2 sTask 2 completed"]));
    assert_eq!(browser.url(), book.url("en/gather.html"), "the page's own keys stay away");
    browser.press(HOME);
    assert_eq!(text(&browser, ".wb-count"), "1 / 15");
    assert!(browser.holds("document.querySelector('.wb-steps button').ariaDisabled === 'true'"));
    browser.press(key::ESCAPE);
    assert!(browser.holds("document.querySelector('.wb-panels').hidden"));
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn on_a_narrow_screen() {
    let (browser, book) = reader();
    browser.size(400, 800);
    for chapter in CHAPTERS {
        browser.goto(&book.url(&format!("zh/{chapter}.html")));
        browser.click("wb-predict .wb-quietly");
        assert!(browser.holds("document.querySelector('.wb-wide').offsetParent === null"));
        let at = middle(&browser, ".wb-narrow .wb-poll");
        mouse(&browser, "mousePressed", at);
        mouse(&browser, "mouseReleased", at);
        browser.until("!document.querySelector('.wb-panels').hidden");
        assert!(browser.holds(FITS), "{chapter}");
        browser.click(".wb-finish button");
        assert_eq!(text(&browser, ".wb-finish button"), "✓ 已完成");
    }
    assert_eq!(count(&browser, ".wb-mark-done"), 6);
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn without_javascript() {
    let (browser, book) = reader();
    browser.without_javascript();
    for chapter in CHAPTERS {
        browser.goto(&book.url(&format!("en/{chapter}.html")));
        let shown =
            |css: &str| browser.holds(&format!("document.querySelector('{css}')?.offsetParent"));
        assert!(shown(".wb-output pre"), "{chapter}: the output");
        assert!(shown("wb-predict p, wb-predict ul"), "{chapter}: the question");
        assert!(shown(".wb-wide"), "{chapter}: the picture");
        assert!(!shown(".wb-narrow"), "{chapter}: one picture only");
        assert!(browser.holds("document.querySelector('.wb-wide svg > title').textContent"));
        assert_eq!(count(&browser, ":is(wb-predict, wb-replay, wb-timeline) button"), 0);
    }
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn without_storage() {
    let (browser, book) = reader();
    let script = "Object.defineProperty(window, 'localStorage', { get() { throw new Error() } })";
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script }));
    browser.goto(&book.url("en/gather.html"));
    browser.click("wb-predict .wb-quietly");
    assert_eq!(count(&browser, ".wb-cover"), 0);
    browser.click(".wb-finish button");
    assert_eq!(count(&browser, "a.active > .wb-mark-done"), 1, "for as long as the page stands");
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn search_leaves_the_widgets_out() {
    let (browser, book) = reader();
    browser.goto(&book.url("zh/gather.html"));
    browser.press("/");
    browser.until("document.activeElement.id === 'mdbook-searchbar'");
    browser.press("Pending");
    browser.until("document.querySelector('#mdbook-searchresults .teaser')");
    let teasers = browser.text("document.getElementById('mdbook-searchresults').textContent");
    assert!(!teasers.contains("次轮询；"), "that is from a picture: {teasers}");
}

/// What a state holds, of every chapter's own recording and after every event.
#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn states_of_the_recordings() {
    let (browser, _book) = reader();
    for chapter in CHAPTERS {
        browser.goto(&file_url(&format!("en/{chapter}.html")));
        let wrong = browser.run(
            "const data = data_of(document.querySelector('wb-timeline'));
             const { events } = data;
             const wrong = [];
             events.forEach((event, k) => {
                 const before = k > 0 ? state_after(data, k - 1) : null;
                 const state = state_after(data, k);
                 const expect = (holds, what) => holds || wrong.push(`${k}: ${what}`);
                 if (event.k === 'poll') {
                     expect(before.ready[0] === event.l, 'the first in the queue is polled');
                     expect(state.polled === event.l, 'it is being polled');
                 }
                 if (event.k === 'print') {
                     expect(state.polled === event.l, 'what is polled prints');
                     expect(state.printed.at(-1) === k, 'it is printed');
                 }
                 expect(new Set(state.ready).size === state.ready.length, 'nothing is ready twice');
                 expect(state.over.every(wait => !state.waiting.includes(wait)), 'over or waiting');
                 expect(marks_of(data, k).every(mark => events[mark]), 'its marks are events');
             });
             const end = state_after(data, events.length - 1);
             if (end.polled !== null || end.ready.length > 0 || end.waiting.length > 0) wrong.push('the end');
             return wrong;",
        );
        assert_eq!(wrong, json!([]), "{chapter}");
    }
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn states_and_orders_made_by_hand() {
    let (browser, _book) = reader();
    browser.goto(&file_url("en/gather.html"));
    // Two tasks: the first is woken twice, waits for two things, and is
    // cancelled; the second is woken and never polled.
    let events = json!({ "events": [
        { "k": "spawn", "l": 0 }, { "k": "spawn", "l": 1 }, { "k": "poll", "l": 0 },
        { "k": "wait", "l": 0, "x": 9 }, { "k": "wait", "l": 0, "x": 10 }, { "k": "pending", "l": 0 },
        { "k": "wake", "l": 0, "y": "timer" }, { "k": "wake", "l": 0, "y": "other" },
        { "k": "poll", "l": 0 }, { "k": "waited", "l": 0 }, { "k": "waited", "l": 0, "d": true },
        { "k": "pending", "l": 0 }, { "k": "cancelled", "l": 0 }, { "k": "dropped", "l": 1 },
    ] });
    let state = |k: usize| browser.js(&format!("state_after({events}, {k})"));
    assert_eq!(state(1)["ready"], json!([0, 1]));
    assert_eq!(state(5)["waiting"], json!([3, 4]));
    let woken = state(7);
    assert_eq!(woken["ready"], json!([0, 1]), "two wakes, one place in the queue");
    assert_eq!((&woken["over"], &woken["waiting"]), (&json!([3]), &json!([4])), "4 is dropped");
    assert_eq!(browser.js(&format!("marks_of({events}, 6)")), json!([3]));
    assert_eq!(state(12)["ready"], json!([1]));
    assert_eq!(state(13)["ready"], json!([]));

    let judge = |order: &str, lines: &str| browser.js(&format!("judge({order}, {lines})"));
    let ordered = "[{p:'a',after:[]},{p:'b',after:[0]},{p:'a',after:[0,1]}]";
    assert_eq!(judge("[2,1,0]", ordered)["right"], json!(true), "equal lines are interchangeable");
    let wrong = judge("[0,2,1]", ordered);
    assert_eq!(wrong["pair"], json!([1, 2]));
    assert_eq!(wrong["places"], json!([true, false, false]));
    let free = "[{p:'a',after:[]},{p:'b',after:[]},{p:'c',after:[0,1]}]";
    assert_eq!(judge("[1,0,2]", free)["right"], json!(true), "the first two are free");
    assert_eq!(judge("[1,2,0]", free)["pair"], json!([0, 2]));
}
