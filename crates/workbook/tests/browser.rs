//! The book in a real browser: `cargo test -p workbook --test workbook browser -- --ignored`.
//!
//! Needs Debian's `chromium`, `chromium-driver` and `fonts-noto-cjk`.

use crate::chromium::{Browser, file_url, key, pages, reader};
use crate::support::until;
use serde_json::json;

/// True where nothing can be scrolled sideways.
const FITS: &str = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";

/// True where nothing of the text is cut off either, at the window's right edge:
/// what reaches beyond it lies in something that scrolls by itself.
const WHOLE: &str = "
    [...document.querySelectorAll('.content *')].every(part => {
        const box = part.getBoundingClientRect();
        if (box.width === 0 || box.right <= innerWidth + 1 || part.closest('svg')) return true;
        let around = part.parentElement;
        while (!around.matches('.content') && getComputedStyle(around).overflowX === 'visible') {
            around = around.parentElement;
        }
        return !around.matches('.content');
    })";

/// What every page must have, whatever its window; a list of what it has not.
const PAGE: &str = "
    const wrong = [];
    if (document.title.trim() === '') wrong.push('no title');
    if (!document.querySelector('meta[name=description]')?.content) wrong.push('no description');
    if (document.querySelectorAll('main h1').length !== 1) wrong.push('not one h1');
    if (!document.querySelector('.wb-edition-switch')) wrong.push('no way to the other edition');
    if (!document.querySelector('#mdbook-sidebar a.active')) wrong.push('not marked in the contents');
    for (const command of document.querySelectorAll('.wb-command')) {
        if (!command.parentElement.querySelector('button.clip-button')) wrong.push('no copy button');
    }
    return wrong.concat(document.documentElement.lang);
";

/// Opens every page of an edition, wide and narrow.
fn every_page(edition: &str, lang: &str) {
    let (browser, book) = reader();
    let mut wrong = Vec::new();
    for page in pages(edition) {
        let mut complain = |what: &str| wrong.push(format!("{page}: {what}"));
        browser.goto(&book.url(&page));
        let found = browser.run(PAGE);
        let (last, missing) = found.as_array().and_then(|it| it.split_last()).expect("a list");
        missing.iter().filter_map(|it| it.as_str()).for_each(&mut complain);
        if last != lang {
            complain(&format!("its language is {last}"));
        }
        for (role, _) in browser.accessible().iter().filter(|(_, name)| name.is_empty()) {
            complain(&format!("a {role} without a name"));
        }
        for width in [400, 1280] {
            browser.size(width, 900);
            if !browser.holds(FITS) {
                complain(&format!("scrolls sideways at {width} px"));
            }
            if !browser.holds(WHOLE) {
                complain(&format!("is cut off at {width} px"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn every_chinese_page() {
    every_page("zh", "zh-CN");
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn every_english_page() {
    every_page("en", "en");
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn the_first_page_is_in_the_readers_language() {
    let (browser, book) = reader();
    for origin in [book.url(""), file_url("index.html")] {
        for (languages, edition) in [("zh-TW,zh", "zh"), ("de-DE,de", "en"), ("zh-CN,zh", "zh")] {
            browser.prefer_language(languages);
            browser.goto(&origin);
            browser.until(&format!("location.pathname.endsWith('/{edition}/index.html')"));
        }
        // What the reader chooses counts for more than what the browser prefers.
        // (The address is the new page's before that page has settled.)
        browser.until("document.readyState === 'complete'");
        browser.click(".wb-edition-switch");
        browser
            .until("document.documentElement.lang === 'en' && document.readyState === 'complete'");
        // What one process of the browser's stores takes a moment to reach the
        // next; no reader is as quick as this.
        until("the English edition", || {
            browser.goto(&origin);
            browser.until("/[/](zh|en)[/]index[.]html$/.test(location.pathname)");
            browser.holds("location.pathname.endsWith('/en/index.html')").then_some(())
        });
    }
    browser.expect_calm(&book.origin);
}

/// Opens the search with its key and asks for `query`; it must find something,
/// show the `hit` in a result, and lead to the section that holds it.
fn search(browser: &Browser, page: &str, query: &str, hit: &str) {
    browser.goto(page);
    browser.press("/");
    browser.until("document.activeElement.id === 'mdbook-searchbar'");
    browser.press(query);
    let header = "document.getElementById('mdbook-searchresults-header').textContent";
    browser.until(&format!("{header}.includes({})", json!(format!("{query}”"))));
    let marked = format!(
        "[...document.querySelectorAll('#mdbook-searchresults .teaser em')]
            .some(em => em.textContent.toLowerCase() === {})",
        json!(hit)
    );
    assert!(browser.holds(&marked), "{query}: {}", browser.text(header));

    browser.press(key::DOWN);
    let target = browser.text("document.activeElement.href");
    browser.press(key::ENTER);
    browser.until("document.querySelector('main mark') && document.readyState === 'complete'");
    assert_eq!(browser.url(), target, "{query}");
    if let Some((_, fragment)) = target.split_once('#') {
        let top = format!("document.getElementById('{fragment}').getBoundingClientRect().top");
        browser.until(&format!("{top} >= 0 && {top} < innerHeight"));
    }
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn search_finds_chinese() {
    let (browser, book) = reader();
    // A phrase cut out of the middle of a sentence, where no space ends a word.
    browser.goto(&book.url("zh/cancel.html"));
    let phrase = browser.text(
        r"document.querySelector('main').innerText.match(/\p{Script=Han}{9,}/u)[0].slice(3, 7)",
    );
    for (query, hit) in [
        ("协程", "协程"),
        ("取消", "取消"),
        ("超时", "超时"),
        ("队列", "队列"),
        ("被取消", "被取消"),
        ("锁", "锁"),
        ("任务 tokio", "tokio"),
        ("cancel safety", "cancel"),
        (&phrase, &phrase),
    ] {
        search(&browser, &book.url("zh/preface.html"), query, hit);
    }
    search(&browser, &file_url("zh/preface.html"), "取消", "取消");
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn search_finds_english() {
    let (browser, book) = reader();
    for (query, hit) in [
        ("timeout", "timeout"),
        ("abort", "abort"),
        ("cancelled panic", "cancelled"),
        ("queue worker", "queue"),
        ("cancel safety", "cancel"),
        ("tokio::join", "tokio::join"),
        ("x", "x"),
    ] {
        search(&browser, &book.url("en/preface.html"), query, hit);
    }
    browser.press(&format!("/zzzz{}", key::ENTER));
    browser.until("document.body.textContent.includes('Nothing found for “zzzz”')");
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn the_language_switch_keeps_the_place() {
    let (browser, book) = reader();
    let switch = |from: &str, to: &str| {
        browser.goto(from);
        browser.click(".wb-edition-switch");
        browser.until(&format!("location.href === '{to}' && document.readyState === 'complete'"));
    };
    switch(&book.url("zh/gather.html"), &book.url("en/gather.html"));
    switch(&book.url("en/gather.html#modify"), &book.url("zh/gather.html#modify"));
    switch(&book.url("zh/print.html"), &book.url("en/print.html"));
    switch(&file_url("en/tutorials.html"), &file_url("zh/tutorials.html"));

    // Without a fragment, the section that is being read.
    browser.goto(&book.url("zh/gather.html"));
    browser.run("document.getElementById('investigate').scrollIntoView({ behavior: 'instant' })");
    browser.until("scrollY > innerHeight");
    browser.click(".wb-edition-switch");
    let there = book.url("en/gather.html#investigate");
    browser.until(&format!("location.href === '{there}'"));
    browser
        .until("document.getElementById('investigate').getBoundingClientRect().top < innerHeight");
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn themes_change_and_stay() {
    let (browser, book) = reader();
    let has = |theme: &str| format!("document.documentElement.classList.contains('{theme}')");
    browser.goto(&book.url("zh/gather.html"));
    browser.until(&has("light"));
    browser.prefer_colours("dark");
    browser.until(&has("navy"));
    browser.click("#mdbook-theme-toggle");
    for theme in ["light", "rust", "coal", "navy", "ayu"] {
        browser.click(&format!("#mdbook-theme-{theme}"));
        browser.until(&has(theme));
        let checked = format!("document.querySelector('#mdbook-theme-{theme}').ariaChecked");
        assert_eq!(browser.text(&checked), "true");
    }
    browser.goto(&book.url("en/cancel.html"));
    assert!(browser.holds(&has("ayu")), "the next page has it too");

    // By keyboard: open, first item, choose, close.
    browser.run("document.getElementById('mdbook-theme-toggle').focus()");
    browser.press(key::ENTER);
    browser.until("document.activeElement.id === 'mdbook-theme-ayu'");
    browser.press(&format!("{}{}{}", key::DOWN, key::ENTER, key::ESCAPE));
    browser.until("document.activeElement.id === 'mdbook-theme-toggle'");
    browser.until(&has("navy"));
    browser.prefer_colours("light");
    browser.until(&has("light"));
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn everything_works_by_keyboard() {
    let (browser, book) = reader();
    browser.goto(&book.url("en/gather.html"));

    // Each stop shows that it has the focus; the first leads past the frame.
    for stop in 0..25 {
        browser.press(key::TAB);
        let shown = browser.holds(
            "(it => it.matches(':focus-visible') && it.checkVisibility()
                && getComputedStyle(it).outlineStyle !== 'none')(document.activeElement)",
        );
        assert!(shown, "stop {stop}: {}", browser.text("document.activeElement.outerHTML"));
        if stop == 0 {
            assert!(browser.holds("document.activeElement.matches('.wb-skip')"));
        }
    }

    let toggle = "document.getElementById('mdbook-sidebar-toggle')";
    browser.run(&format!("{toggle}.focus()"));
    for expanded in ["false", "true"] {
        browser.press(key::ENTER);
        browser.until(&format!("{toggle}.ariaExpanded === '{expanded}'"));
        browser.until(&format!("document.getElementById('mdbook-sidebar').inert !== {expanded}"));
    }

    browser.press("/");
    browser.until("document.activeElement.id === 'mdbook-searchbar'");
    browser.press(&format!("timer{}", key::DOWN));
    browser.until("document.activeElement.matches('#mdbook-searchresults a')");
    browser.press(key::UP);
    browser.until("document.activeElement.id === 'mdbook-searchbar'");
    browser.press(key::ESCAPE);
    browser.until("document.activeElement.id === 'mdbook-search-toggle'");
    assert!(!browser.holds("document.getElementById('mdbook-searchbar').checkVisibility()"));

    browser.press("?");
    browser.until("document.getElementById('mdbook-help-popup').open");
    browser.press(key::ESCAPE);
    browser.until("!document.getElementById('mdbook-help-popup').open");

    let next = browser.text("document.querySelector('a[rel~=next]').href");
    for (arrow, there) in [(key::RIGHT, next), (key::LEFT, book.url("en/gather.html"))] {
        browser.press(arrow);
        browser
            .until(&format!("location.href === '{there}' && document.readyState === 'complete'"));
    }
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn what_opens_fits_a_phone() {
    let (browser, book) = reader();
    let sidebar = "document.getElementById('mdbook-sidebar')";
    browser.goto(&book.url("zh/gather.html"));
    assert!(!browser.holds(&format!("{sidebar}.inert")), "open where there is room");
    browser.size(400, 800);
    browser.until(&format!("{sidebar}.inert"));
    browser.goto(&book.url("zh/gather.html"));
    assert!(browser.holds(&format!("{sidebar}.inert")), "closed at first");
    browser.click("#mdbook-sidebar-toggle");
    browser.until(&format!("{sidebar}.contains(document.activeElement)"));
    assert!(browser.holds(FITS), "with the contents open");
    browser.press(key::ESCAPE);
    browser.until(&format!("{sidebar}.inert"));

    browser.click("#mdbook-theme-toggle");
    let menu = "document.getElementById('mdbook-theme-list').getBoundingClientRect()";
    assert!(browser.holds(&format!("{menu}.left >= 0 && {menu}.right <= innerWidth")));
    browser.press(key::ESCAPE);

    browser.click("#mdbook-search-toggle");
    browser.until("document.activeElement.id === 'mdbook-searchbar'");
    browser.press("任务");
    browser.until("document.querySelectorAll('#mdbook-searchresults a').length > 3");
    assert!(browser.holds(FITS), "with results");
    for (role, name) in browser.accessible() {
        assert_ne!(name, "", "a {role} without a name");
    }
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn run_shows_the_real_lines_and_stop_stops() {
    let (browser, book) = reader();
    let lines = "document.querySelector('.wb-live code')";
    let status = "document.querySelector('.wb-live .wb-status').textContent";
    browser.goto(&book.url("en/hello_world.html"));
    browser.click("[data-lang=rust] .wb-play");
    // Where the programs were never compiled, that comes first.
    browser.until_compiled(&format!("{status} === 'Finished'"));
    let recorded =
        browser.text("document.querySelector('.wb-output:not(.wb-live) pre > code').textContent");
    assert_eq!(browser.text(&format!("{lines}.textContent")), recorded);
    // Each line has the time at which it came.
    let times = browser.js(&format!("[...{lines}.children].map(line => line.dataset.at)"));
    let second: f32 =
        times[1].as_str().and_then(|it| it.strip_suffix(" s")?.parse().ok()).expect("a time");
    assert!(second >= 1.0, "{times}");

    browser.goto(&book.url("zh/queue_workers.html"));
    browser.click("[data-lang=rust] .wb-play");
    browser.until(&format!("{lines}.textContent.includes('\\n')"));
    browser.click(".wb-stop");
    browser.until(&format!("{status} === '已停止'"));
    browser.until("!document.querySelector('[data-lang=rust] .wb-play[aria-disabled]')");
    let recorded =
        browser.text("document.querySelector('.wb-output:not(.wb-live) pre > code').textContent");
    assert_ne!(browser.text(&format!("{lines}.textContent")), recorded);
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn a_typed_address_reads_and_says_how_to_run() {
    let (browser, book) = reader();
    let status = "document.querySelector('.wb-live .wb-status').textContent";
    let typed = book.url("zh/hello_world.html").replace("127.0.0.1", "localhost");
    browser.goto(&typed);
    browser.click("[data-lang=rust] .wb-play");
    browser.until(&format!("{status}.includes('请打开终端里打印的那个地址')"));
    browser.goto(&book.url("zh/hello_world.html"));
    browser.click("[data-lang=rust] .wb-play");
    browser.until_compiled(&format!("{status} === '运行结束' || {status}.startsWith('还在等')"));
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn no_script_runs_but_the_sites_own() {
    let (browser, book) = reader();
    browser.goto(&book.url("en/gather.html"));
    browser.run(
        "const script = document.createElement('script');
        script.textContent = 'window.foreign = true';
        document.head.append(script)",
    );
    assert!(!browser.holds("window.foreign"));
    // Without a server there is no such policy, and nothing else is different.
    browser.goto(&file_url("en/gather.html"));
    browser.until("document.getElementById('mdbook-sidebar-toggle-anchor').checked");
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn copy_buttons_copy() {
    let (browser, book) = reader();
    browser.devtools(
        "Browser.grantPermissions",
        &json!({ "origin": book.origin, "permissions": ["clipboardReadWrite"] }),
    );
    browser.goto(&book.url("zh/gather.html"));
    for (button, source) in [
        ("[data-lang=rust] .wb-run .clip-button", "[data-lang=rust] .wb-command"),
        ("[data-lang=rust] .wb-path .clip-button", "[data-lang=rust] pre > code"),
        ("[data-lang=python] .wb-path .clip-button", "[data-lang=python] pre > code"),
    ] {
        browser.click(button);
        let source = format!("document.querySelector('{source}').textContent");
        browser.until(&format!("await navigator.clipboard.readText() === {source}"));
    }
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn the_book_reads_well_without_javascript() {
    let (browser, book) = reader();
    browser.without_javascript();
    for page in [book.url("zh/gather.html"), file_url("en/gather.html")] {
        browser.goto(&page);
        assert!(!browser.holds("document.documentElement.classList.contains('js')"));
        for part in [
            "[data-lang=rust] pre > code",
            "[data-lang=python] pre > code",
            ".wb-command",
            ".wb-output pre",
            ".wb-edition a[hreflang]",
            ".nav-next",
            "iframe",
        ] {
            let visible = format!("document.querySelector('{part}').checkVisibility()");
            assert!(browser.holds(&visible), "{page}: {part}");
        }
        let idle = browser
            .js("[...document.querySelectorAll('button')].filter(it => it.checkVisibility())
                .map(it => it.outerHTML)");
        assert_eq!(idle, json!([]), "{page}: buttons that do nothing");
        for width in [400, 1280] {
            browser.size(width, 900);
            assert!(browser.holds(FITS), "{page}: scrolls sideways at {width} px");
        }
    }
    browser.goto(&book.url(""));
    assert!(browser.holds("document.querySelector('a[lang=en]').checkVisibility()"));
    browser.expect_calm(&book.origin);
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn the_whole_book_on_one_page() {
    let (browser, book) = reader();
    for edition in ["zh", "en"] {
        // It asks to be printed; nobody answers here.
        browser.goto(&book.url(&format!("{edition}/print.html")));
        let chapters = pages(edition).len();
        browser.until(&format!("document.querySelectorAll('main h1').length === {chapters}"));
    }
    browser.expect_calm(&book.origin);
}

/// The page that `trace --html` writes, opened from the disk.
#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn a_traced_program_has_a_page_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("stuck.html");
    let written = std::process::Command::new(crate::support::WORKBOOK)
        .current_dir(crate::support::workspace())
        .env("WB_LANG", "en")
        .args(["trace", "crates/record/tests/programs/stuck_queue.rs", "--html"])
        .arg(&page)
        .status();
    assert!(written.expect("the command starts").success());
    let address = format!("file://{}", page.display());
    let browser = Browser::open();
    for scheme in ["light", "dark"] {
        browser.prefer_colours(scheme);
        browser.goto(&address);
        assert!(browser.holds("document.querySelectorAll('main h1').length === 1"));
        assert!(browser.holds("document.documentElement.lang === 'en' && document.title !== ''"));
        for width in [400, 1280] {
            browser.size(width, 900);
            assert!(browser.holds(FITS) && browser.holds(WHOLE), "{width} px");
        }
        for (role, name) in browser.accessible() {
            assert_ne!(name, "", "a {role} without a name");
        }
        // Every step by the keyboard, to the last.
        browser.click(".wb-stage");
        browser.press(key::END);
        browser.until("/^(\\d+) \\/ \\1$/.test(document.querySelector('.wb-count').textContent)");
        browser.until(
            "document.querySelector('.wb-panels').textContent.includes('the long one writes')",
        );
        browser.press(key::HOME);
        browser.until("document.querySelector('.wb-program .wb-lit') !== null");
    }
    browser.expect_calm("file://");
    browser.without_javascript();
    browser.goto(&address);
    assert!(browser.holds("document.querySelector('svg.wb-lanes') !== null"));
}
