//! The built site, page by page: links, ids, weight, and nothing from elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use crate::support::{Scratch, real_site};
use flate2::Compression;
use flate2::write::GzEncoder;
use scraper::{Html, Selector};

/// What the first visit to a page may load, gzipped, in bytes.
const LIMIT: usize = 110_000;

/// What one page says of itself.
struct Page {
    ids: BTreeSet<String>,
    /// Addresses in the page, each with the element that names it.
    links: Vec<(String, String)>,
    weight: usize,
    wrong: Vec<String>,
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

/// Size of a file as a server sends it.
fn gzipped(path: &Path) -> usize {
    // Every page loads the same scripts and style sheets.
    static SIZES: LazyLock<Mutex<BTreeMap<PathBuf, usize>>> = LazyLock::new(Mutex::default);
    let known = || SIZES.lock().expect("no holder panics");
    if let Some(&size) = known().get(path) {
        return size;
    }
    let size = compress(path);
    known().insert(path.to_owned(), size);
    size
}

fn compress(path: &Path) -> usize {
    let bytes = std::fs::read(path).unwrap_or_default();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&bytes).expect("memory");
    encoder.finish().expect("memory").len()
}

/// The file that a relative address names, seen from a page.
fn resolve(page: &Path, address: &str) -> PathBuf {
    let path = address.split(['#', '?']).next().expect("split gives one part at least");
    if path.is_empty() {
        return page.to_owned();
    }
    let mut file = PathBuf::new();
    for part in page.parent().expect("a page has a folder").join(path).components() {
        match part {
            Component::ParentDir => {
                file.pop();
            }
            part => file.push(part),
        }
    }
    file
}

/// True for an address that names another host.
fn foreign(address: &str) -> bool {
    address.contains("://") || address.starts_with("//")
}

fn read(path: &Path, site: &Path) -> Page {
    let html = std::fs::read_to_string(path).expect("a page");
    let document = Html::parse_document(&html);
    let mut page = Page { ids: BTreeSet::new(), links: Vec::new(), weight: 0, wrong: Vec::new() };
    let mut eager = BTreeSet::from([path.to_owned()]);
    for element in document.select(&selector("*")) {
        let element = element.value();
        if let Some(id) = element.id()
            && !page.ids.insert(id.to_owned())
        {
            page.wrong.push(format!("the id {id} twice"));
        }
        for attribute in ["href", "src", "action", "data", "poster", "srcset"] {
            if let Some(address) = element.attr(attribute) {
                page.links.push((element.name().to_owned(), address.to_owned()));
            }
        }
        let loads = match element.name() {
            "script" => element.attr("src"),
            "link" if element.attr("media") != Some("print") => element.attr("href"),
            _ => None,
        };
        eager.extend(loads.map(|address| resolve(path, address)));
    }
    page.weight = eager.iter().map(|file| gzipped(file)).sum();
    let kind = path.file_name().and_then(|it| it.to_str()).expect("a name");
    if kind != "toc.html" {
        expect_parts(&document, path, site, kind, &mut page.wrong);
    }
    page
}

/// What every page must have; the first page and the whole book have less.
fn expect_parts(document: &Html, path: &Path, site: &Path, kind: &str, wrong: &mut Vec<String>) {
    let first = |css: &str| document.select(&selector(css)).next();
    let lang = first("html").and_then(|html| html.attr("lang"));
    let expected = if path.starts_with(site.join("en")) { "en" } else { "zh-CN" };
    if lang != Some(expected) {
        wrong.push(format!("lang is {lang:?}"));
    }
    if first("title").is_none_or(|title| title.text().collect::<String>().trim().is_empty()) {
        wrong.push("no title".to_owned());
    }
    let description = first("meta[name=description]").and_then(|meta| meta.attr("content"));
    if description.is_none_or(str::is_empty) {
        wrong.push("no description".to_owned());
    }
    if path.parent() == Some(site) || kind == "print.html" {
        return;
    }
    if first(".wb-pending").is_some() {
        wrong.push("a program that was not compiled".to_owned());
    }
    if document.select(&selector("main h1")).count() != 1 {
        wrong.push("not one h1".to_owned());
    }
    let other = if expected == "en" { "zh" } else { "en" };
    let switch = first(".wb-edition a[hreflang]").and_then(|link| link.attr("href"));
    if !switch.is_some_and(|it| resolve(path, it).starts_with(site.join(other))) {
        wrong.push(format!("no link to this page in {other}: {switch:?}"));
    }
}

/// The pages of the site, by their paths.
fn pages(site: &Path) -> BTreeMap<PathBuf, Page> {
    // Each edition on a thread of its own.
    std::thread::scope(|scope| {
        let reading = ["", "zh", "en"].map(|folder| {
            scope.spawn(move || {
                let files = site.join(folder).read_dir().expect("a folder of the site");
                let files = files.map(|entry| entry.expect("an entry").path());
                files
                    .filter(|path| path.extension().is_some_and(|it| it == "html"))
                    .map(|path| (path.clone(), read(&path, site)))
                    .collect::<Vec<_>>()
            })
        });
        reading.into_iter().flat_map(|thread| thread.join().expect("pages can be read")).collect()
    })
}

#[test]
fn every_page_is_whole() {
    let site = real_site("site");
    let pages = pages(&site);
    assert!(pages.len() > 20, "both editions");
    let mut wrong = Vec::new();
    for (path, page) in &pages {
        let shown = path.strip_prefix(&site).expect("inside the site").display();
        let mut complain = |what: String| wrong.push(format!("{shown}: {what}"));
        page.wrong.iter().cloned().for_each(&mut complain);
        for (element, address) in &page.links {
            if foreign(address) {
                // A reader may follow a link to another host; the page itself asks nobody.
                if element != "a" {
                    complain(format!("<{element}> loads {address}"));
                }
                continue;
            }
            if address.starts_with("data:") {
                continue;
            }
            let file = resolve(path, address);
            let fragment = address.split_once('#').map(|(_, id)| id).filter(|id| !id.is_empty());
            if !file.starts_with(&site) || !file.is_file() {
                complain(format!("{address} leads nowhere"));
            } else if let (Some(id), Some(target)) = (fragment, pages.get(&file))
                && !target.ids.contains(id)
            {
                complain(format!("{address}: no such id"));
            }
        }
        if page.weight > LIMIT && !path.ends_with("print.html") {
            complain(format!("weighs {} bytes, more than {LIMIT}", page.weight));
        }
    }
    wrong.extend(style_sheets(&site));
    let one = pages.iter().filter(|(path, _)| !path.ends_with("print.html"));
    let (path, page) = one.max_by_key(|(_, page)| page.weight).expect("a page");
    let path = path.strip_prefix(&site).expect("inside the site").display();
    println!("the heaviest page: {path}, {} bytes gzipped with all it loads", page.weight);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What style sheets load from other hosts.
fn style_sheets(site: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    for folder in ["zh/css", "zh/fonts", "zh/theme/css"] {
        for entry in site.join(folder).read_dir().expect("a folder of the site") {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for rest in text.split("url(").skip(1).chain(text.split("@import").skip(1)) {
                let address = rest.trim_start_matches([' ', '"', '\'']);
                let address = address.split([')', ';']).next().expect("one part at least");
                if foreign(address) && !address.starts_with("data:") {
                    wrong.push(format!("{}: {address}", path.display()));
                }
            }
        }
    }
    wrong
}

/// A file of the same size in the place of another is another file all the same.
#[test]
fn a_page_is_made_anew_when_its_source_changes() {
    let book = Scratch::new();
    book.append("src/zh/hello_world.md", "\n<!-- cmdrun workbook page pair hello_world -->\n");
    for word in ["first", "third"] {
        book.write("examples/hello_world.py", &format!("print('{word}')\n"));
        assert!(book.run(&["build", "--out", "site"]).status.success());
        let page = std::fs::read_to_string(book.path("site/zh/hello_world.html")).expect("a page");
        assert!(page.contains(word));
    }
}
