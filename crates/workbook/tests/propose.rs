//! Changes that pages propose: on a page, and in a terminal.

use crate::support::Scratch;

const CHANGES: &str = r#"
[[change]]
id = "another_word"
[[change.replace]]
lines = "    println!(\"World\");"
by = "    println!(\"Reader\");"

[[change]]
id = "no_such_name"
[[change.replace]]
lines = "    println!(\"World\");"
by = "    println!(\"{world}\");"

[[change]]
id = "it_panics"
[[change.replace]]
lines = "    println!(\"World\");"
by = "    panic!(\"no <world>\");"
"#;

fn book() -> Scratch {
    let book = Scratch::new();
    book.write("examples/changes/hello_world.toml", CHANGES);
    for edition in ["zh", "en"] {
        for id in ["another_word", "no_such_name", "it_panics"] {
            book.append(
                &format!("src/{edition}/hello_world.md"),
                &format!(
                    "\n<!-- cmdrun workbook page diff hello_world {id} -->\n\n\
                     <!-- cmdrun workbook page change hello_world {id} -->\n"
                ),
            );
        }
    }
    book
}

fn said(output: &std::process::Output) -> String {
    let both = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[test]
fn a_change_is_recorded_and_stands_on_its_page() {
    let book = book();
    let refused = book.fail(&["build", "--out", "site"]);
    assert!(
        refused.contains("another_word") && refused.contains("cargo run -- record hello_world"),
        "{refused}"
    );

    let recorded = book.run(&["record", "hello_world"]);
    assert!(recorded.status.success(), "{}", said(&recorded));
    let built = book.run(&["build", "--out", "site"]);
    assert!(built.status.success(), "{}", said(&built));
    let page = |edition: &str| {
        let path = book.path(&format!("site/{edition}/hello_world.html"));
        std::fs::read_to_string(path).expect("a page")
    };
    for (edition, parts) in [
        ("en", ["did not come", "It does not compile:", "no &lt;world&gt;", "is new"]),
        ("zh", ["没有了", "编译不通过：", "no &lt;world&gt;", "原来没有"]),
    ] {
        let page = page(edition);
        for part in parts {
            assert!(page.contains(part), "{edition}, {part}: {page}");
        }
        assert!(page.contains("<code>Reader</code>") && page.contains("E0425"), "{page}");
        assert!(page.contains("cargo run -- try hello_world another_word"), "{page}");
    }
    // Nothing new is nothing to write.
    let again = said(&book.run(&["record", "hello_world"]));
    assert!(!again.contains("another_word"), "{again}");

    // A program that has moved on is told, with what no longer fits.
    let program = std::fs::read_to_string(book.path("examples/hello_world.rs")).expect("a file");
    book.write("examples/hello_world.rs", &program.replace("World", "Earth"));
    let refused = book.fail(&["try", "hello_world", "another_word"]);
    assert!(refused.contains("stands in hello_world 0 times and not once"), "{refused}");
    let refused = said(&book.run(&["record", "hello_world"]));
    assert!(refused.contains("hello_world.toml: what another_word replaces"), "{refused}");

    // What the book no longer proposes goes; somebody's own file stays.
    book.write("examples/hello_world.rs", &program);
    book.write(
        "examples/changes/hello_world.toml",
        CHANGES.split("[[change]]\nid = \"it").next().expect("a part"),
    );
    book.write("recordings/hello_world/mine.json", "{}");
    let recorded = said(&book.run(&["record", "hello_world"]));
    assert!(recorded.contains("it_panics: removed"), "{recorded}");
    assert!(!book.path("recordings/hello_world/it_panics.json").exists());
    assert!(book.path("recordings/hello_world/mine.json").exists());
}

#[test]
fn a_change_is_tried_in_a_terminal() {
    let book = book();
    let all = said(&book.run(&["try", "hello_world"]));
    assert!(all.contains("try hello_world it_panics") && all.contains("+     panic!"), "{all}");
    let tried = said(&book.run(&["try", "hello_world", "it_panics", "--keep"]));
    assert!(tried.contains("panic: main panicked: no <world>"), "{tried}");
    let kept = "examples/own/src/bin/hello_world_it_panics.rs";
    assert!(tried.contains(kept) && book.path(kept).is_file(), "{tried}");
    book.write(kept, "// mine\n");
    let refused = book.fail(&["try", "hello_world", "it_panics", "--keep"]);
    assert!(refused.contains("already"), "{refused}");
    assert_eq!(std::fs::read_to_string(book.path(kept)).expect("a file"), "// mine\n");
    let tried = said(&book.run(&["try", "hello_world", "no_such_name"]));
    assert!(tried.contains("E0425"), "{tried}");
    let refused = book.fail(&["try", "hello_world", "it_panic"]);
    assert!(refused.contains("it has: it_panics"), "{refused}");
    assert!(book.fail(&["try", "hello_word"]).contains("hello_world"));
}
