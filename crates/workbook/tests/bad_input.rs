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
    assert!(book.run(&["build", "--out", "site"]).status.success());
    let old = std::fs::read(book.path("site/zh/hello_world.html")).expect("a page");
    book.append("src/zh/hello_world.md", addition);
    let said = book.command(&["build", "--out", "site"]).env("WB_CMDRUN_SECONDS", "1").output();
    let said = String::from_utf8_lossy(&said.expect("the command starts").stderr).into_owned();
    for part in expected {
        assert!(said.contains(part), "no {part:?} in:\n{said}");
    }
    let now = std::fs::read(book.path("site/zh/hello_world.html")).expect("the old page stays");
    assert!(now == old, "the old site stays");
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
    let before = std::fs::read(book.path("recordings/hello_world.json")).expect("a recording");
    let output = book.run(&["record"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("examples/hello_world.rs:"), "{said}");
    assert!(said.contains("Example hello_world does not compile"), "{said}");
    assert_eq!(output.status.code(), Some(1));
    let after = std::fs::read(book.path("recordings/hello_world.json")).expect("a recording");
    assert_eq!(after, before);
}

#[test]
fn an_example_that_is_another_than_was_recorded() {
    let book = Scratch::new();
    book.append("examples/hello_world.rs", "// another\n");
    let said = book.fail(&["build", "--out", "site"]);
    let sentence = "examples/hello_world.rs has changed since recordings/hello_world.json was recorded: \
        run `cargo run -- record hello_world`.";
    assert!(said.lines().next().is_some_and(|line| line.ends_with(sentence)), "{said}");
    assert!(!book.path("site").exists());
}

/// What is broken, hangs or ends the process harms no other recording.
#[test]
fn a_bad_program_fails_under_its_own_name_alone() {
    let book = Scratch::new();
    book.write("examples/aborts.rs", "fn main() { std::process::abort() }\n");
    book.write("examples/broken.rs", "fn main() {\n");
    book.write("examples/panics.rs", "fn main() { panic!(\"no\") }\n");
    book.write("examples/works.rs", "fn main() { println!(\"fine\") }\n");
    let output = book.run(&["record"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    for bad in ["aborts", "broken", "panics"] {
        assert!(said.contains(&format!("Example {bad}")), "{said}");
        assert!(!book.path(&format!("recordings/{bad}.json")).exists());
    }
    assert!(said.contains("works: recorded"), "{said}");
    assert!(book.path("recordings/works.json").exists());
}

/// Ctrl-C, or worse, while a program is recorded: it goes too.
#[test]
fn an_interrupted_recording_leaves_no_program_behind() {
    for kills in [false, true] {
        let book = Scratch::new();
        book.write(
            "examples/loops.rs",
            "fn main() { std::fs::write(\"pid\", std::process::id().to_string()).unwrap(); loop {} }\n",
        );
        // The recorder itself may have to be compiled first.
        assert!(book.run(&["record", "hello_world"]).status.success());
        let mut recording = book.start(&["record", "loops"]);
        let id = until("the program to run", || {
            std::fs::read_to_string(book.path("pid")).ok().filter(|id| !id.is_empty())
        });
        if kills {
            recording.0.kill().expect("it is running");
        } else {
            recording.interrupt();
        }
        recording.0.wait().expect("it ends");
        until("the program to go", || {
            let state = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            // Gone, or a zombie that nobody has waited for yet.
            (state.is_empty() || state.contains(") Z ")).then_some(())
        });
    }
}

/// A program of the reader's own may be anything, where it belongs and beside the
/// book's; one that works can be traced.
#[test]
fn a_program_of_the_readers_own_costs_only_itself() {
    let book = Scratch::new();
    book.append("Cargo.toml", "autoexamples = false\n\n[[example]]\nname = \"hello_world\"\n");
    book.write("examples/own/src/bin/broken.rs", "fn main() {\n");
    book.write("examples/panics.rs", "fn main() { panic!(\"no\") }\n");
    book.write("examples/own/src/bin/mine.rs", "fn main() { println!(\"my own\") }\n");
    assert!(book.run(&["build", "--out", "site"]).status.success());
    assert!(book.run(&["trace", "hello_world"]).status.success());
    assert!(book.fail(&["trace", "broken"]).contains("Example broken does not compile"));
    let output = book.run(&["trace", "panics"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("main panicked: no"), "{output:?}");
    let output = book.run(&["trace", "mine"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("my own"), "{output:?}");
    let said = String::from_utf8_lossy(&book.run(&["record"]).stderr).into_owned();
    assert!(!said.contains("panics") && !said.contains("broken"), "{said}");
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
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the workspace");
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
        (&["hello_world", "hello_world"], "One chapter at a time, or one command."),
        (&["soak", "0"], "[N] cannot be \"0\""),
        (&["help", "chekc"], "no command named `chekc`; did you mean `check`?"),
        (&["build", "--out"], "--out <DIR> needs a value."),
        (&["trace", "hello_world", "--svg", "src"], "src is a folder; name a file."),
        (&["page", "sections", "T9"], "this command is called by a page in src/zh or src/en"),
    ] {
        let said = book.fail(arguments);
        assert!(said.contains(expected), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "one sentence: {said}");
    }
}

/// A name of any length, or of any letters, leaves the terminal as it was.
#[test]
fn a_monstrous_name_is_cut() {
    let book = Scratch::new();
    for name in ["长".repeat(100_000 / 3), "\u{1b}[2Jx\u{202e}".to_owned()] {
        for command in [vec!["trace"], vec!["check"], vec!["hint"], vec!["soak", "1"], vec![]] {
            let mut arguments: Vec<&str> = command.clone();
            arguments.push(&name);
            let said = book.fail(&arguments);
            assert!(said.len() < 1_000 && !said.contains(['\u{1b}', '\u{202e}']), "{said}");
        }
        // A path is repeated as well.
        for command in [
            ["build", "--out", &name].as_slice(),
            &["trace", "hello_world", "--svg", &name],
            &["grade", &name, "--out", "report"],
            &["grade", "src", "--roster", &name, "--out", "report"],
        ] {
            let said = book.fail(command);
            assert!(said.len() < 1_000 && !said.contains(['\u{1b}', '\u{202e}']), "{said}");
        }
    }
}

#[test]
fn help_is_the_help_and_not_an_unknown_chapter() {
    let book = Scratch::new();
    let printed = |arguments: &[&str], language: &str| {
        let output = book.command(arguments).env("WB_LANG", language).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert_eq!(printed(&["help"], "en"), printed(&["--help"], "en"));
    assert_eq!(printed(&["help", "check"], "zh_CN"), printed(&["check", "--help"], "zh_CN"));
    assert!(printed(&["help"], "en").contains("check your answers"));
    assert!(!printed(&["help"], "zh_CN").contains("OPTIONS"));
}

#[cfg(unix)]
#[test]
fn what_is_written_for_the_reader_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let book = Scratch::new();
    book.write("new", "a file as anybody makes one");
    let mode = |file: &str| {
        std::fs::metadata(book.path(file)).expect("it is there").permissions().mode() & 0o777
    };
    let said = book.run(&["trace", "hello_world", "--svg", "picture.svg"]);
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("picture.svg."), "{said}");
    assert!(book.run(&["build", "--out", "site"]).status.success());
    for file in ["picture.svg", "site/index.html", "site/zh/index.html"] {
        assert_eq!(mode(file), mode("new"), "{file}");
    }
}

#[test]
fn the_reader_is_answered_in_chinese() {
    #[cfg(unix)]
    {
        let garbled = std::os::unix::ffi::OsStrExt::from_bytes(&[0xff][..]);
        let book = Scratch::new();
        let output =
            book.command(&[]).arg::<&std::ffi::OsStr>(garbled).env("WB_LANG", "zh_CN").output();
        let said = String::from_utf8(output.expect("the command starts").stderr).expect("UTF-8");
        assert!(said.starts_with("错误：有一个参数不是 UTF-8 文字"), "{said}");
    }

    let book = Scratch::new();
    let output = book.command(&["helo_world"]).env("WB_LANG", "zh_CN.UTF-8").output();
    let said = String::from_utf8(output.expect("the command starts").stderr).expect("UTF-8");
    assert_eq!(said, "错误：没有名为 `helo_world` 的命令或章节；你要的是 `hello_world` 吗？\n");
}

#[test]
fn an_interrupted_build_leaves_nothing() {
    let book = Scratch::new();
    book.append(
        "src/zh/hello_world.md",
        "\n<!-- cmdrun echo $$ > ../../begun; exec sleep 3600 -->\n",
    );
    let mut building = book.start(&["build", "--out", "site"]);
    until("the build to begin", || {
        std::fs::read_to_string(book.path("begun")).is_ok_and(|id| !id.is_empty()).then_some(())
    });
    building.interrupt();
    let status = building.0.wait().expect("it ends");
    assert_eq!(status.code(), Some(130));
    let child = std::fs::read_to_string(book.path("begun")).expect("a process id");
    until("the command to go", || {
        (!Path::new(&format!("/proc/{}", child.trim())).exists()).then_some(())
    });
    until("the folder to go", || {
        let left = entries(&book.path(""));
        left.iter().all(|name| !name.starts_with(".workbook") && name != "site").then_some(())
    });
}
