//! The book in a real browser: `cargo test -p workbook --test browser -- --ignored`.
//!
//! Needs Debian's `chromium`, `chromium-driver` and `fonts-noto-cjk`.

#[path = "support/browser.rs"]
mod chromium;
mod support;

use chromium::{Browser, pages, reader};

/// The sections of a page that a reader needs whatever the window, the edition
/// and the way it came; each complaint is a line.
fn complaints_about(browser: &Browser, page: &str) -> Vec<String> {
    let lang = if page.starts_with("zh/") { "zh-CN" } else { "en" };
    let checks = format!(
        "const wrong = [];
         const html = document.documentElement;
         if (html.lang !== '{lang}') wrong.push(`lang is ${{html.lang}}`);
         if (document.title.trim() === '') wrong.push('no title');
         if (document.querySelectorAll('main h1').length !== 1) wrong.push('not one h1');
         if (!document.querySelector('.wb-edition-switch')) wrong.push('no way to the other edition');
         return wrong;"
    );
    let wrong = browser.run(&checks);
    let wrong = wrong.as_array().expect("a list").iter();
    wrong.map(|it| format!("{page}: {}", it.as_str().unwrap_or("?"))).collect()
}

/// Opens every page of an edition and looks at what all pages must have.
fn every_page(edition: &str) {
    let (browser, book) = reader();
    let mut wrong = Vec::new();
    for page in pages(edition) {
        browser.goto(&book.url(&page));
        wrong.extend(complaints_about(&browser, &page));
        for width in [400, 1280] {
            browser.size(width, 900);
            if !browser.holds(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth",
            ) {
                wrong.push(format!("{page}: scrolls sideways at {width} px"));
            }
        }
    }
    wrong.extend(browser.complaints());
    wrong.extend(browser.foreign_requests(&book.origin));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn every_chinese_page() {
    every_page("zh");
}

#[test]
#[ignore = "needs Chromium and ChromeDriver"]
fn every_english_page() {
    every_page("en");
}
