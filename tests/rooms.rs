//! The files of a room: what data passes through has one direction. (Between rooms,
//! cargo forbids a circle.)

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use project::Project;
use regex::Regex;

static USE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?:crate|super)::(\{[^;]*\}|\w+)").expect("a constant"));
static REEXPORT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"pub use (?:crate::|self::)?(\w+)::(\{[^;]*\}|\w+);").expect("a constant")
});
static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\w+").expect("a constant"));

/// The names that stand at the top of a use tree: `{a, b::C, d::{e, f}}` is a, b, d.
fn tops(tree: &str) -> BTreeSet<String> {
    let Some(inner) = tree.strip_prefix('{').and_then(|tree| tree.strip_suffix('}')) else {
        return BTreeSet::from([tree.to_owned()]);
    };
    let mut depth = 0;
    let parts = inner.split(|letter| {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        letter == ',' && depth == 0
    });
    parts.filter_map(|part| Some(WORD.find(part)?.as_str().to_owned())).collect()
}

/// The first circle among these modules, from one of them back to it.
fn circle(arrows: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn walk(
        from: &str,
        arrows: &BTreeMap<String, BTreeSet<String>>,
        path: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> bool {
        if let Some(start) = path.iter().position(|module| module == from) {
            path.drain(..start);
            path.push(from.to_owned());
            return true;
        }
        if done.contains(from) {
            return false;
        }
        path.push(from.to_owned());
        if arrows.get(from).into_iter().flatten().any(|to| walk(to, arrows, path, done)) {
            return true;
        }
        path.pop();
        done.insert(from.to_owned());
        false
    }
    let mut done = BTreeSet::new();
    arrows.keys().find_map(|from| {
        let mut path = Vec::new();
        walk(from, arrows, &mut path, &mut done).then_some(path)
    })
}

/// Which file of a folder of modules takes something from which other. What the
/// file around them (`lib.rs`) hands on belongs to whoever defines it.
fn arrows(folder: &Path, around: &str) -> BTreeMap<String, BTreeSet<String>> {
    let text = |path: &Path| {
        let text = fs::read_to_string(path).expect("a source is readable");
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let is_code = |line: &&str| !line.trim_start().starts_with("//");
        code.lines().filter(is_code).collect::<Vec<_>>().join("\n")
    };
    let mut sources = BTreeMap::new();
    for entry in folder.read_dir().expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if path.extension().is_some_and(|ending| ending == "rs") && name != around {
            sources.insert(name, text(&path));
        }
    }
    let mut owners: BTreeMap<String, String> =
        sources.keys().map(|module| (module.clone(), module.clone())).collect();
    let handed_on = fs::read_to_string(folder.join(format!("{around}.rs"))).unwrap_or_default();
    for found in REEXPORT.captures_iter(&handed_on) {
        let names = tops(&found[2]).into_iter().map(|name| (name, found[1].to_owned()));
        owners.extend(names);
    }
    let taken = |module: &String, source: &String| -> BTreeSet<String> {
        let names = USE.captures_iter(source).flat_map(|found| tops(&found[1]));
        let owners = names.filter_map(|name| owners.get(&name).cloned());
        owners.filter(|owner| owner != module && sources.contains_key(owner)).collect()
    };
    sources.iter().map(|(module, source)| (module.clone(), taken(module, source))).collect()
}

#[test]
fn no_file_needs_one_that_needs_it() {
    let project = Project::find().expect("the project is here");
    let mut circles = Vec::new();
    for entry in project.root.join("crates").read_dir().expect("the rooms") {
        let room = entry.expect("an entry").path();
        let sources = room.join("src");
        if sources.is_dir()
            && let Some(circle) = circle(&arrows(&sources, "lib"))
        {
            circles.push(format!("{}: {}", room.display(), circle.join(" -> ")));
        }
    }
    assert!(circles.is_empty(), "\n{}\n", circles.join("\n"));
}

#[test]
fn a_circle_is_found() {
    let arrows = |pairs: &[(&str, &[&str])]| {
        let all = pairs.iter().map(|(from, to)| {
            ((*from).to_owned(), to.iter().map(|name| (*name).to_owned()).collect())
        });
        all.collect::<BTreeMap<String, BTreeSet<String>>>()
    };
    assert_eq!(circle(&arrows(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])), None);
    let found = circle(&arrows(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])]));
    assert_eq!(found, Some(["b", "c", "b"].map(str::to_owned).to_vec()));
    assert_eq!(tops("{a, b::C, d::{e, f}}"), ["a", "b", "d"].map(str::to_owned).into());
}
