//! Reads a call stack: which of the program's functions stand on it, at which
//! lines, and which of tokio's types they wait in.
//!
//! tokio's instrumentation names the line where a sleep was made, but not the
//! await where a `JoinHandle`, a channel or a hand-written future holds a task
//! up. The call stack at the moment a waker is cloned does, for all of them,
//! and so it tells two branches of one `join!` apart.

use std::backtrace::Backtrace;

use crate::functions::Functions;

/// One function of the program, as it stands on the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its name: `task1`.
    pub function: String,
    /// True for an async block inside the function.
    pub block: bool,
    /// The line it has reached.
    pub line: u32,
}

/// The part of a call stack that belongs to the task being polled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stack {
    /// The program's own functions, innermost first.
    pub frames: Vec<Frame>,
    /// What stands above them: what the innermost of them waits in. The top of
    /// the stack comes first.
    pub leaf: Vec<Symbol>,
    /// Everything, the top of the stack first.
    pub symbols: Vec<Symbol>,
}

/// A function outside of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name, as the debug information has it: a path, or for a generic
    /// function the bare name.
    pub name: String,
    /// The module of its file, such as `tokio::runtime::task::join`; empty
    /// where the debug information has no file.
    pub module: String,
}

impl Symbol {
    /// The crate it belongs to, as far as its name or its file tells.
    pub fn krate(&self) -> &str {
        let name = self.name.trim_start_matches(['<', '&']);
        let path = if self.module.is_empty() { name } else { &self.module };
        path.split_once("::").map_or("", |(krate, _)| krate)
    }

    /// True if either the name or the module contains the words.
    pub fn contains(&self, words: &str) -> bool {
        self.name.contains(words) || self.module.contains(words)
    }

    /// True for a function of this bare name, whatever its path and generics.
    pub fn is_called(&self, function: &str) -> bool {
        let bare = self.name.strip_prefix(function);
        bare.is_some_and(|rest| rest.is_empty() || rest.starts_with('<'))
            || self.name.rsplit("::").next() == Some(function)
    }
}

impl Stack {
    /// Captures the stack of the caller, as seen from the program in `file`.
    pub fn capture(file: &str, functions: &Functions) -> Self {
        Self::parse(&Backtrace::force_capture().to_string(), file, functions)
    }

    /// Reads the text of a [`Backtrace`]: `N: symbol`, and below it, where it
    /// is known, `at path:line:column`.
    pub fn parse(text: &str, file: &str, functions: &Functions) -> Self {
        let mut stack = Self::default();
        let mut of_task = true;
        let mut lines = text.lines().map(str::trim).peekable();
        while let Some(line) = lines.next() {
            let Some((_, name)) = line.split_once(": ") else {
                continue;
            };
            let place = lines
                .next_if(|next| next.starts_with("at "))
                .map(|place| place[3..].replace('\\', "/"));
            let mut parts = place.as_deref().unwrap_or_default().rsplitn(3, ':').skip(1);
            let (number, path) = (parts.next(), parts.next().unwrap_or_default());
            let symbol = Symbol { name: name.to_owned(), module: module(path) };
            // tokio wraps every future that it polls as a task in one of these,
            // and `by_hand` polls its tasks there.
            if symbol.contains("tracing::instrument") || symbol.is_called("poll_task") {
                of_task = false;
            }
            if of_task && path.ends_with(file) {
                let line = number.and_then(|number| number.parse().ok()).unwrap_or_default();
                stack.frames.push(Frame {
                    function: functions.at(line).unwrap_or_default().to_owned(),
                    block: name.contains("async_block") || name.matches("{{closure}}").count() > 1,
                    line,
                });
            } else if of_task && stack.frames.is_empty() {
                stack.leaf.push(symbol.clone());
            }
            stack.symbols.push(symbol);
        }
        stack
    }

    /// True if anything on the stack contains the words.
    pub fn has(&self, words: &str) -> bool {
        self.symbols.iter().any(|symbol| symbol.contains(words))
    }

    /// True if what the innermost function waits in contains the words.
    pub fn waits_in(&self, words: &str) -> bool {
        self.leaf.iter().any(|symbol| symbol.contains(words))
    }

    /// True if the innermost function waits in a library that talks to other
    /// programs, or for a file. What it waits for by turns is its own affair.
    pub fn is_in_library(&self) -> bool {
        const LIBRARIES: &[&str] =
            &["reqwest", "hyper", "sqlx", "tungstenite", "tokio_tungstenite"];
        self.waits_in("tokio::fs")
            || self.leaf.iter().any(|symbol| {
                LIBRARIES.iter().any(|library| {
                    let rest = symbol.krate().strip_prefix(library);
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
                })
            })
    }

    /// The line in the innermost of the program's functions.
    pub fn line(&self) -> Option<u32> {
        self.frames.first().map(|frame| frame.line)
    }

    /// The innermost of the program's functions.
    pub fn function(&self) -> Option<&str> {
        self.frames.first().map(|frame| frame.function.as_str())
    }

    /// The async function that the whole task runs; none for an async block,
    /// which only stands in a function.
    pub fn task_function(&self) -> Option<&str> {
        self.frames.last().filter(|frame| !frame.block).map(|frame| frame.function.as_str())
    }

    /// The functions from the task's own inwards.
    pub fn functions(&self) -> Vec<String> {
        self.frames.iter().rev().map(|frame| frame.function.clone()).collect()
    }

    /// The lines from the task's own function down to the await: equal for two
    /// awaits only if they stand in the same place.
    pub fn place(&self) -> Vec<u32> {
        self.frames.iter().rev().map(|frame| frame.line).collect()
    }
}

/// `…/tokio-1.54.1/src/time/sleep.rs` is `tokio::time::sleep`.
fn module(path: &str) -> String {
    let Some((package, file)) = path.rsplit_once("/src/") else {
        return String::new();
    };
    let package = package.rsplit('/').next().unwrap_or_default();
    let name = package.rsplit_once('-').map_or(package, |(name, _)| name).replace('-', "_");
    let file = file.trim_end_matches(".rs").trim_end_matches("/mod");
    format!("{name}::{}", file.replace('/', "::"))
}

#[cfg(test)]
mod tests {
    use super::Stack;
    use crate::functions::Functions;

    fn stack(above: &str) -> Stack {
        let program = "  9: http_get::main::{{closure}}\n      at ./examples/http_get.rs:2:1\n";
        Stack::parse(&format!("{above}{program}"), "examples/http_get.rs", &Functions::default())
    }

    #[test]
    fn a_library_is_told_by_the_crate_that_waits() {
        let by_name = "  1: <tokio::sync::oneshot::Receiver<T> as core::future::Future>::poll\n  \
                       2: <reqwest::async_impl::client::Pending as core::future::Future>::poll\n";
        assert!(stack(by_name).is_in_library());
        let by_file =
            "  1: poll<u8>\n      at /r/src/index-1/hyper-util-0.1.2/src/client/pool.rs:9:5\n";
        assert!(stack(by_file).is_in_library());
    }

    #[test]
    fn what_a_timeout_limits_is_not_what_it_waits_for() {
        let timeout = "  1: <tokio::time::timeout::Timeout<reqwest::Pending> as core::future::Future>::poll\n";
        assert!(!stack(timeout).is_in_library());
    }
}
