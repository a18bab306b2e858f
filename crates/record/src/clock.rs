//! Which clock a program can be recorded on, read off its source text.

use recording::model::{Clock, MULTI_THREAD, WITHOUT_TOKIO};

/// What makes a program unfit for the paused clock, with the words that show
/// it. A paused clock jumps to the next timer as soon as the one thread is
/// idle, so a wait it knows nothing of (a thread, a socket, a child process)
/// would be cut short; and only a current-thread runtime can be paused.
const REAL: &[(&str, &str)] = &[
    ("multi_thread", MULTI_THREAD),
    ("Runtime::new", MULTI_THREAD),
    ("spawn_blocking", "it hands work to the blocking pool"),
    ("block_in_place", "it hands work to the blocking pool"),
    ("tokio::fs", "it reads or writes files"),
    ("std::fs", "it reads or writes files"),
    ("tokio::net", "it opens sockets"),
    ("std::net", "it opens sockets"),
    ("applications::", "it talks to another program"),
    ("reqwest::", "it opens sockets"),
    ("sqlx::", "it asks a database"),
    ("tungstenite::", "it opens sockets"),
    ("tokio::process", "it starts processes"),
    ("std::process::Command", "it starts or ends processes"),
    ("std::process::*", "it starts or ends processes"),
    ("process::exit", "it starts or ends processes"),
    ("process::abort", "it starts or ends processes"),
    ("process::Command", "it starts or ends processes"),
    ("tokio::signal", "it waits for signals"),
    ("tokio::io::stdin", "it reads its input"),
    ("std::io::stdin", "it reads its input"),
    ("std::thread", "it uses threads of its own"),
    ("thread::", "it uses threads of its own"),
    ("std::time::*", "it reads the system's clock"),
    ("std::time::Instant", "it reads the system's clock"),
    ("SystemTime", "it reads the system's clock"),
];

/// Why a program runs on the real clock: because somebody asked for that one, or if
/// nobody asked for any, because it needs it.
pub fn why_real(asked: Option<Clock>, needs: impl FnOnce() -> Option<String>) -> Option<String> {
    match asked {
        None => needs(),
        Some(Clock::Real) => Some(ASKED.to_owned()),
        Some(Clock::Paused) => None,
    }
}

/// Why it runs on the real clock if somebody wants it to.
const ASKED: &str = "it was asked for";

/// Packages whose code waits for nothing that the recorder does not see.
const HARMLESS: &[&str] = &[
    "anyhow",
    "async-stream",
    "async-trait",
    "bytes",
    "color-eyre",
    "either",
    "eyre",
    "fastrand",
    "futures",
    "futures-core",
    "futures-util",
    "itertools",
    "log",
    "pin-project",
    "pin-project-lite",
    "rand",
    "regex",
    "serde",
    "serde_json",
    "thiserror",
    "tokio",
    "tokio-stream",
    "tokio-util",
    "tracing",
    "tracing-subscriber",
];

/// Why a package has to be recorded on the real clock: for what its own code
/// uses, or because of a dependency that may wait for something of its own.
pub fn package_needs_real_clock(source: &str, dependencies: &[String]) -> Option<String> {
    if let Some(why) = needs_real_clock(source) {
        return Some(why.to_owned());
    }
    let other = dependencies.iter().find(|name| !HARMLESS.contains(&name.as_str()));
    other.map(|name| format!("it depends on {name}"))
}

/// Why the program has to be recorded on the real clock, or `None` if the
/// paused clock will do.
pub fn needs_real_clock(source: &str) -> Option<&'static str> {
    let code = flatten_uses(&without_comments(source));
    if has_own_event_loop(source) {
        return code.contains("thread::spawn").then_some("it uses threads of its own");
    }
    let without_tokio = (!code.contains("tokio::")).then_some(WITHOUT_TOKIO);
    if code.contains("tokio::main") && !code.contains("current_thread") {
        return Some(MULTI_THREAD);
    }
    let shown = REAL.iter().find(|(word, _)| code.contains(word)).map(|(_, why)| *why);
    shown.or(without_tokio)
}

/// True if the program polls its tasks itself, without a runtime.
pub fn has_own_event_loop(source: &str) -> bool {
    let code = without_comments(source);
    !code.contains("tokio::")
        && [".poll(", "HashMap", "Waker"].iter().all(|word| code.contains(word))
}

/// The source without its line comments.
fn without_comments(source: &str) -> String {
    source.lines().map(without_comment).collect::<Vec<_>>().join("\n")
}

/// A line up to its comment. A string that began in a line before is taken for
/// code.
fn without_comment(line: &str) -> &str {
    let mut in_string = false;
    let mut letters = line.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if in_string => {
                letters.next();
            }
            // A quote as a character.
            '\'' if line[at..].starts_with("'\"'") => {
                letters.nth(1);
            }
            '"' => in_string = !in_string,
            '/' if !in_string && line[at..].starts_with("//") => return &line[..at],
            _ => {}
        }
    }
    line
}

/// The source followed by the paths that its `use` trees stand for:
/// `use std::{thread, time::Duration}` also reads as `std::thread` and
/// `std::time::Duration`.
fn flatten_uses(code: &str) -> String {
    let mut flat = code.to_owned();
    for statement in code.split("use ").skip(1) {
        let tree: String =
            statement.split(';').next().unwrap_or_default().split_whitespace().collect();
        flatten("", &tree, &mut flat);
    }
    flat
}

fn flatten(path: &str, tree: &str, flat: &mut String) {
    let list = tree.split_once('{').and_then(|(head, rest)| Some((head, rest.strip_suffix('}')?)));
    let Some((head, list)) = list else {
        flat.push_str(&format!("\n{path}{tree}"));
        return;
    };
    let path = format!("{path}{head}");
    let (mut depth, mut from) = (0, 0);
    for (at, letter) in list.char_indices().chain([(list.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                flatten(&path, &list[from..at], flat);
                from = (at + 1).min(list.len());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{WITHOUT_TOKIO, needs_real_clock};

    const MAIN: &str = "#[tokio::main(flavor = \"current_thread\")]\nasync fn main() {}\n";

    #[test]
    fn one_thread_and_timers_can_be_paused() {
        let source = format!("use std::{{sync::Arc, time::Duration}};\nuse tokio::time;\n{MAIN}");
        assert_eq!(needs_real_clock(&source), None);
    }

    #[test]
    fn the_default_flavour_has_many_threads() {
        let why = needs_real_clock("#[tokio::main]\nasync fn main() {}");
        assert_eq!(why, Some("it uses the multi-thread runtime"));
    }

    #[test]
    fn nested_uses_are_seen() {
        let source = format!("use std::{{time::Duration, thread}};\n{MAIN}");
        assert_eq!(needs_real_clock(&source), Some("it uses threads of its own"));
        let source = format!("use tokio::{{fs, time::sleep}};\n{MAIN}");
        assert_eq!(needs_real_clock(&source), Some("it reads or writes files"));
    }

    #[test]
    fn tokios_clock_can_be_paused_and_the_systems_cannot() {
        let source = format!("use tokio::time::{{Duration, Instant}};\n{MAIN}");
        assert_eq!(needs_real_clock(&source), None);
        for std in ["time::{Duration, Instant}", "{sync::Arc, time::{Duration, Instant}}"] {
            let source = format!("use std::{std};\n{MAIN}");
            assert_eq!(needs_real_clock(&source), Some("it reads the system's clock"));
        }
    }

    #[test]
    fn comments_do_not_count() {
        let source = format!("// unlike std::thread\n{MAIN}");
        assert_eq!(needs_real_clock(&source), None);
        let source = format!("const A: &str = \"http://a\"; use std::thread;\n{MAIN}");
        assert!(needs_real_clock(&source).is_some());
    }

    #[test]
    fn an_event_loop_of_its_own_can_be_paused() {
        let source = "use std::{collections::HashMap, task::Waker, thread};\n\
                      fn poll() { task.poll(&mut cx); thread::sleep(wait); }";
        assert_eq!(needs_real_clock(source), None);
    }

    #[test]
    fn no_runtime_no_paused_clock() {
        let why = needs_real_clock("fn main() { println!(\"1\") }");
        assert_eq!(why, Some(WITHOUT_TOKIO));
        let why = needs_real_clock("fn main() { std::thread::park() }");
        assert_eq!(why, Some("it uses threads of its own"));
    }
}
