//! Reads a call stack: which of the program's functions stand on it, at which
//! lines, and which of tokio's types they wait in.
//!
//! tokio's instrumentation names the line where a sleep was made, but not the
//! await where a `JoinHandle`, a channel or a hand-written future holds a task
//! up. The call stack at the moment a waker is cloned does, for all of them,
//! and so it tells two branches of one `join!` apart.

use std::{collections::HashMap, path::Path, sync::Arc};

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
    pub leaf: Vec<Arc<Symbol>>,
    /// Everything, the top of the stack first.
    pub symbols: Vec<Arc<Symbol>>,
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
    /// Its file, with slashes; empty where there is none.
    path: String,
    line: u32,
}

/// The program's own files, each as the compiler names it (there may be several
/// names), and how many lines of others come before its first one.
#[derive(Clone, Debug, Default)]
pub struct Own(pub Vec<(String, u32)>);

impl Own {
    /// The line, counted through all of the program's files; none if the file is
    /// not the program's.
    pub fn line(&self, path: &str, line: u32) -> Option<u32> {
        let path = match path.contains(['\\', '.']) {
            true => straight(&path.replace('\\', "/")),
            false => path.to_owned(),
        };
        self.0.iter().find(|(own, _)| *own == path).map(|(_, before)| before + line)
    }
}

/// `src/bin/../answers.rs` is `src/answers.rs`.
fn straight(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            ".." if parts.last().is_some_and(|last| !last.is_empty() && *last != "..") => {
                parts.pop();
            }
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What stands at each return address that was seen: looking it up in the debug
/// information takes a thousand times as long as remembering it.
#[derive(Debug, Default)]
pub struct Symbols(HashMap<usize, Arc<[Arc<Symbol>]>>);

impl Symbols {
    /// The functions at this address: one, and what was inlined into it.
    fn at(&mut self, frame: &backtrace::Frame) -> Arc<[Arc<Symbol>]> {
        let known = self.0.entry(frame.ip().addr()).or_insert_with(|| {
            let mut symbols = Vec::new();
            backtrace::resolve_frame(frame, |symbol| symbols.push(Arc::new(Symbol::read(symbol))));
            symbols.into()
        });
        known.clone()
    }
}

impl Symbol {
    fn read(symbol: &backtrace::Symbol) -> Self {
        let name = symbol.name().map_or(String::new(), |name| format!("{name:#}"));
        let path = symbol.filename().map(Path::to_string_lossy).unwrap_or_default();
        Self::new(name, &path, symbol.lineno().unwrap_or(0))
    }

    fn new(name: String, path: &str, line: u32) -> Self {
        let path = path.replace('\\', "/");
        Self { name, module: module(&path), path, line }
    }

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
    /// Captures the stack of the caller, as seen from the program.
    pub fn capture(own: &Own, functions: &Functions, symbols: &mut Symbols) -> Self {
        let mut stack = Vec::with_capacity(128);
        backtrace::trace(|frame| {
            stack.extend(symbols.at(frame).iter().cloned());
            true
        });
        Self::of(stack, own, functions)
    }

    /// The stack of another thread, by its return addresses.
    pub fn of_addresses(addresses: &[usize], own: &Own, functions: &Functions) -> Self {
        let mut stack = Vec::new();
        for &address in addresses {
            let address = std::ptr::without_provenance_mut(address);
            backtrace::resolve(address, |symbol| stack.push(Arc::new(Symbol::read(symbol))));
        }
        Self::of(stack, own, functions)
    }

    /// Sorts a stack, the top of it first.
    fn of(symbols: Vec<Arc<Symbol>>, own: &Own, functions: &Functions) -> Self {
        let mut stack = Self::default();
        for symbol in &symbols {
            // tokio wraps every future that it polls as a task in one of these,
            // and `by_hand` polls its tasks there.
            if symbol.contains("tracing::instrument") || symbol.is_called("poll_task") {
                break;
            }
            if let Some(line) = own.line(&symbol.path, symbol.line) {
                let name = &symbol.name;
                stack.frames.push(Frame {
                    function: functions.at(line).unwrap_or_default().to_owned(),
                    block: name.contains("async_block") || name.matches("{{closure}}").count() > 1,
                    line: if symbol.line == 0 { 0 } else { line },
                });
            } else if stack.frames.is_empty() {
                stack.leaf.push(symbol.clone());
            }
        }
        stack.symbols = symbols;
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
    use std::sync::Arc;

    use super::{Own, Stack, Symbol};
    use crate::functions::Functions;

    fn stack(name: &str, path: &str) -> Stack {
        let symbol = |name: &str, path| Arc::new(Symbol::new(name.to_owned(), path, 2));
        let program = symbol("http_get::main::{{closure}}", "/b/examples/http_get.rs");
        let poll = symbol("<core::future::Future>::poll", "");
        Stack::of(
            vec![poll, symbol(name, path), program],
            &Own(vec![("/b/examples/http_get.rs".into(), 0)]),
            &Functions::default(),
        )
    }

    #[test]
    fn a_library_is_told_by_the_crate_that_waits() {
        let by_name = "<reqwest::async_impl::client::Pending as core::future::Future>::poll";
        assert!(stack(by_name, "").is_in_library());
        let file = "/r/src/index-1/hyper-util-0.1.2/src/client/pool.rs";
        assert!(stack("poll<u8>", file).is_in_library());
    }

    #[test]
    fn what_a_timeout_limits_is_not_what_it_waits_for() {
        let timeout =
            "<tokio::time::timeout::Timeout<reqwest::Pending> as core::future::Future>::poll";
        assert!(!stack(timeout, "").is_in_library());
    }
}
