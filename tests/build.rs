//! Collects the Rust fences of the Chinese pages for the doctests in `lib.rs`.
//! A fence that includes a file is compiled as that file and is left out.
//!
//! And lists the programs, for the tests that there is one of for each.

use std::{env, fs, path::Path};

fn main() {
    let sources = Path::new("../src/zh");
    println!("cargo::rerun-if-changed={}", sources.display());
    let mut pages: Vec<_> = fs::read_dir(sources)
        .expect("src/zh is there")
        .map(|entry| entry.expect("src/zh is readable").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    pages.sort();
    let mut fences = String::from("The fences of the pages.\n");
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page is readable");
        let mut fence: Option<String> = None;
        for (number, line) in text.lines().enumerate() {
            match &mut fence {
                None if line.starts_with("```rust") => {
                    let name = page.file_name().expect("a page has a name").to_string_lossy();
                    fence = Some(format!("\n# {name}, line {}\n\n{line}\n", number + 1));
                }
                None => {}
                Some(block) => {
                    block.push_str(line);
                    block.push('\n');
                    if line.starts_with("```") {
                        if !block.contains("{{#") && !block.contains("<!-- cmdrun") {
                            fences.push_str(block);
                        }
                        fence = None;
                    }
                }
            }
        }
    }
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("fences.md"), fences).expect("OUT_DIR is writable");
    fs::write(Path::new(&out).join("programs.rs"), programs()).expect("OUT_DIR is writable");
}

/// A macro that makes a test of each program, by calling a function with its name.
/// The programs are the examples that the two packages name.
fn programs() -> String {
    let mut names = Vec::new();
    for package in ["..", "../examples/applications"] {
        let manifest = Path::new(package).join("Cargo.toml");
        println!("cargo::rerun-if-changed={}", manifest.display());
        let text = fs::read_to_string(manifest).expect("a package has a manifest");
        let examples = text.split("[[example]]").skip(1);
        names.extend(examples.map(|example| {
            let name = example.split('"').nth(1).expect("the name comes first");
            name.to_owned()
        }));
    }
    names.sort();
    let test = |name: &String| format!("#[test] fn {name}() {{ $check({name:?}) }}\n");
    let tests: String = names.iter().map(test).collect();
    format!("#[macro_export]\nmacro_rules! each_program {{ ($check:path) => {{ {tests} }}; }}\n")
}
