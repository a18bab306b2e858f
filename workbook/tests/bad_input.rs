//! Bad input: one clear sentence, a non-zero exit, and nothing half-written.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::support::{Scratch, entries, until};

/// Only the exercise's own part says that it is damaged; the book is built.
#[test]
fn a_damaged_exercise_does_not_close_the_book() {
    let book = Scratch::new();
    let ask = "\n<!-- cmdrun workbook page exercise hello_world -->\n";
    for edition in ["zh", "en"] {
        book.append(&format!("src/{edition}/hello_world.md"), ask);
    }
    let page = |edition: &str| {
        let file = format!("site/{edition}/hello_world.html");
        std::fs::read_to_string(book.path(&file)).expect("a page")
    };
    let build = || {
        let output = book.run(&["build", "--out", "site"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        said
    };
    for file in ["Cargo.toml", "starter.rs", "statement.zh.md", "statement.en.md", "hints.zh.md"] {
        book.write(&format!("exercises/hello_world/{file}"), "Whole.\n");
    }
    // It never was there, is not text, is no file.
    let hints = "exercises/hello_world/hints.en.md";
    let said = build();
    assert!(said.contains(&format!("{hints} is missing; take it from a fresh copy")), "{said}");
    assert!(page("en").contains(
        "role=\"alert\">This exercise is damaged: exercises/hello_world/hints.en.md is missing;"
    ));
    assert!(page("en").contains("Hello\nWorld"), "the rest of the page is there");
    assert!(page("zh").contains("Whole.") && !page("zh").contains("wb-damaged"));
    std::fs::write(book.path(hints), b"\xff").expect("a file");
    assert!(build().contains("hints.en.md is not UTF-8 text"));
    std::fs::remove_file(book.path(hints)).expect("it was there");
    std::fs::create_dir(book.path(hints)).expect("a folder");
    assert!(build().contains("hints.en.md is not a file; move it away, then"));

    std::fs::remove_dir(book.path(hints)).expect("it was there");
    book.write(hints, "Whole.\n");
    assert!(!build().contains("hints.en.md"));
    assert!(!page("en").contains("wb-damaged"));
    std::fs::remove_dir_all(book.path("exercises/hello_world")).expect("it was there");
    assert!(build().contains("exercises/hello_world is missing;"));
    assert!(page("zh").contains("这个练习缺了东西：exercises/hello_world 不见了；"));
}

/// Breaks the Chinese page, builds over an existing site, and expects the error
/// to name the page and the line, and the site to stay as it was.
fn broken_page(addition: &str, expected: &[&str]) {
    let book = Scratch::new();
    book.write("site/index.html", "the old site");
    book.append("src/zh/hello_world.md", addition);
    let said = book.command(&["build", "--out", "site"]).env("WB_CMDRUN_SECONDS", "1").output();
    let said = String::from_utf8_lossy(&said.expect("the command starts").stderr).into_owned();
    for part in expected {
        assert!(said.contains(part), "no {part:?} in:\n{said}");
    }
    assert_eq!(entries(&book.path("site")), ["index.html"], "the old site stays");
    assert!(entries(&book.path("")).iter().all(|name| !name.starts_with(".workbook")));
}

#[test]
fn a_dead_link() {
    broken_page("\n[x](nowhere.md)\n", &["src/zh/hello_world.md:7:", "nowhere.md leads nowhere"]);
}

#[test]
fn a_dead_fragment() {
    broken_page("\n[x](preface.md#no)\n", &["src/zh/hello_world.md:7:", "preface.md has no {#no}"]);
}

#[test]
fn a_missing_include() {
    broken_page(
        "\n```rust\n{{#include ../../examples/no.rs}}\n```\n",
        &["src/zh/hello_world.md:8:", "there is no ../../examples/no.rs"],
    );
}

#[test]
fn a_missing_anchor() {
    broken_page(
        "\n```rust\n{{#include ../../examples/hello_world.rs:no}}\n```\n",
        &["src/zh/hello_world.md:8:", "has no anchor no"],
    );
}

#[test]
fn a_heading_without_an_id() {
    broken_page("\n## Title\n", &["src/zh/hello_world.md:7:", "needs an {#id}"]);
}

#[test]
fn a_command_that_fails() {
    broken_page(
        "\n<!-- cmdrun echo so far; echo why >&2; exit 3 -->\n",
        &["src/zh/hello_world.md:7: cmdrun echo so far", "exit code 3", "why"],
    );
}

#[test]
fn a_command_that_prints_nothing() {
    broken_page(
        "\n<!-- cmdrun true -->\n",
        &["src/zh/hello_world.md:7: cmdrun true: it printed nothing"],
    );
}

#[test]
fn a_command_that_hangs() {
    let start = Instant::now();
    broken_page(
        "\n<!-- cmdrun sleep 3600 -->\n",
        &["src/zh/hello_world.md:7: cmdrun sleep 3600", "ran longer than 1 s"],
    );
    assert!(start.elapsed().as_secs() < 60);
}

#[test]
fn a_command_that_prints_colours() {
    broken_page(
        "\n<!-- cmdrun printf '\\033[1mx' -->\n",
        &["src/zh/hello_world.md:7:", "control characters"],
    );
}

#[test]
fn an_unknown_example() {
    broken_page(
        "\n<!-- cmdrun workbook page output helo_world -->\n",
        &["src/zh/hello_world.md:7:", "no example named `helo_world`; did you mean `hello_world`?"],
    );
}

#[test]
fn an_unlisted_page() {
    let book = Scratch::new();
    book.write("src/en/stray.md", "# Stray {#stray}\n");
    let said = book.fail(&["build", "--out", "site"]);
    assert!(said.contains("src/en/SUMMARY.md:1: stray.md is not listed"), "{said}");
    assert!(!book.path("site").exists());
}

#[test]
fn an_example_that_does_not_compile() {
    let book = Scratch::new();
    book.append("examples/hello_world.rs", "fn broken( {}\n");
    let output = book.run(&["build", "--out", "site"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("examples/hello_world.rs:"), "{said}");
    assert!(said.contains("An example does not compile"), "{said}");
    assert!(!book.path("site").exists());
}

#[test]
fn a_folder_that_is_not_ours() {
    let book = Scratch::new();
    book.write("mine/thesis.tex", "years of work");
    let said = book.fail(&["build", "--out", "mine"]);
    assert_eq!(
        said,
        "error: mine holds something else (thesis.tex) and is left alone; choose an empty or new folder."
    );
    assert_eq!(entries(&book.path("mine")), ["thesis.tex"]);
}

#[test]
fn a_picture_that_cannot_be_written() {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |file: &Path| {
        let mut command = Command::new(crate::support::WORKBOOK);
        command.current_dir(real).env("WB_LANG", "en").args(["trace", "gather", "--svg"]);
        command.arg(file).output().expect("the command starts")
    };
    let file = folder.path().join("gather.svg");
    assert!(write(&file).status.success());
    let picture = std::fs::read_to_string(&file).expect("the picture");
    assert!(picture.starts_with("<svg") && picture.ends_with("</svg>\n"), "{picture}");
    assert_eq!(entries(folder.path()), ["gather.svg"], "nothing else is left");

    let said = write(&file.join("inside.svg"));
    assert_eq!(said.status.code(), Some(1));
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("cannot write"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).expect("the picture"), picture, "left alone");
}

#[test]
fn an_output_that_cannot_be_a_folder() {
    let book = Scratch::new();
    book.write("file", "text");
    assert_eq!(book.fail(&["build", "--out", "file"]), "error: file is a file, not a folder.");
    let said = book.fail(&["build", "--out", "file/site"]);
    assert!(said.starts_with("error: Cannot write file/site; choose another folder."), "{said}");
}

#[test]
fn a_port_that_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let said = Scratch::new().fail(&["--no-open", "--port", &port]);
    assert!(said.contains(&format!("Port {port} cannot be used")), "{said}");
    assert!(said.contains("choose another --port"), "{said}");
}

#[test]
fn words_that_mean_nothing() {
    let book = Scratch::new();
    for (arguments, expected) in [
        (
            ["helo_world"].as_slice(),
            "no command or chapter named `helo_world`; did you mean `hello_world`?",
        ),
        (&["biuld"], "no command or chapter named `biuld`; did you mean `build`?"),
        (&["--prot", "1"], "no option --prot; did you mean --port?"),
        (&["--port", "x"], "--port <PORT> cannot be \"x\""),
        (&["page", "outptu"], "no command named `outptu`; did you mean `output`?"),
        (&["trace", "helo_world"], "no example named `helo_world`; did you mean `hello_world`?"),
        (&["trace"], "is missing"),
        (
            &["trace", "x", "--json", "--svg", "y"],
            "--json and --svg <FILE> cannot be used together",
        ),
        (&["page", "sections", "T9"], "this command is called by a page in src/zh or src/en"),
    ] {
        let said = book.fail(arguments);
        assert!(said.contains(expected), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "one sentence: {said}");
    }
}

#[test]
fn the_reader_is_answered_in_chinese() {
    let book = Scratch::new();
    let output = book.command(&["helo_world"]).env("WB_LANG", "zh_CN.UTF-8").output();
    let said = String::from_utf8(output.expect("the command starts").stderr).expect("UTF-8");
    assert_eq!(said, "错误：没有名为 `helo_world` 的命令或章节；你要的是 `hello_world` 吗？\n");
}

#[test]
fn an_interrupted_build_leaves_nothing() {
    let book = Scratch::new();
    book.append("src/zh/hello_world.md", "\n<!-- cmdrun touch ../../begun; sleep 3600 -->\n");
    let mut building = book.start(&["build", "--out", "site"]);
    until("the build to begin", || book.path("begun").exists().then_some(()));
    building.interrupt();
    let status = building.0.wait().expect("it ends");
    assert_eq!(status.code(), Some(130));
    until("the folder to go", || {
        let left = entries(&book.path(""));
        left.iter().all(|name| !name.starts_with(".workbook") && name != "site").then_some(())
    });
}
