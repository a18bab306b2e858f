//! rustc, as it compiles what students wrote.
//!
//! Cargo runs this very executable in rustc's place (it is the workspace's
//! wrapper). It limits rustc's time, memory and output; it hides the teacher's
//! environment from `env!`; and a source that reads any other file
//! (`include!`, `#[path]`) does not compile, nor is that file's text shown.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// Set, this executable is the wrapper; the value is rustc's limit in seconds.
pub const LIMIT: &str = "WB_COMPILE_SECONDS";

/// How much of rustc's messages is passed on.
const MOST_SAID: usize = 64 << 10;
/// No message is longer.
const LONGEST_LINE: u64 = 1 << 20;

/// What a source may not do, in both languages: nobody knows here whose it is.
const ONE_FILE: (&str, &str) = (
    "only this one file is graded: it cannot read another one \
     (include!, include_str!, include_bytes!, #[path], mod)",
    "只评这一个文件：它不能读别的文件（include!、include_str!、include_bytes!、#[path]、mod）",
);

/// What stands for messages that could quote another file.
const HIDDEN: (&str, &str) = (
    "this does not compile; why is not shown, because the source says `include`, \
     and a message could then quote another file",
    "无法编译；原因不显示，因为源码里有 `include`，编译器的消息可能会引用别的文件",
);

/// Whether this executable was called in rustc's place: by cargo, which names
/// rustc first, and not as one of its own commands.
pub fn is_wrapper() -> bool {
    let first = std::env::args_os().nth(1).map(PathBuf::from);
    std::env::var_os(LIMIT).is_some()
        && first.is_some_and(|first| first.file_stem().is_some_and(|stem| stem == "rustc"))
}

/// Runs rustc, whose path is the first argument.
///
/// # Errors
///
/// rustc cannot be started.
pub fn run() -> Result<ExitCode> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let (rustc, arguments) = arguments.split_first().context("no rustc was named")?;
    let seconds = std::env::var(LIMIT).ok().and_then(|limit| limit.parse().ok()).unwrap_or(60);
    let limit = Duration::from_secs(seconds);
    limit_self();

    let mut command = Command::new(rustc);
    command.args(arguments).stderr(Stdio::piped());
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_secret(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    let mut child = command.spawn().with_context(|| rustc.display().to_string())?;
    let stderr = child.stderr.take().context("it is piped")?;
    let child = Arc::new(Mutex::new(child));
    let (done, expired) = mpsc::channel::<()>();
    let watched = Arc::clone(&child);
    let watchdog = thread::spawn(move || {
        let late = expired.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
        if late {
            let _ = watched.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
        late
    });

    let mut messages = Messages::of_this_crate();
    messages.pass_on(stderr);
    let status = loop {
        let ended = child.lock().unwrap_or_else(PoisonError::into_inner).try_wait()?;
        match ended {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(2)),
        }
    };
    drop(done);
    let late = watchdog.join().unwrap_or(false);

    if late {
        messages.error((
            &format!("the compiler had not finished after {seconds} s and was stopped"),
            &format!("编译超过 {seconds} 秒还没有完成，已停止"),
        ));
    } else if status.success() && messages.reads_other_files(arguments) {
        messages.error(ONE_FILE);
    } else if !status.success() && !messages.told_error && messages.out_of_memory(status) {
        messages.error((
            "the compiler reached its memory limit of 3 GB and was stopped",
            "编译器用到了 3 GB 的内存上限，已停止",
        ));
    } else if !status.success() && !messages.told_error {
        messages.error((
            &format!("the compiler ended without a word ({status})"),
            &format!("编译器没有说明原因就结束了（{status}）"),
        ));
    } else {
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        return Ok(ExitCode::from(code.unwrap_or(1)));
    }
    Ok(ExitCode::FAILURE)
}

/// Backstops against a source that makes rustc take all memory or all disk.
fn limit_self() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        for (resource, most) in [(Resource::As, 3 << 30), (Resource::Fsize, 256 << 20)] {
            let limit = Rlimit { current: Some(most), maximum: Some(most) };
            // A lower limit that is already set stays.
            let _ = setrlimit(resource, limit);
        }
    }
}

fn is_secret(variable: &str) -> bool {
    let name = variable.to_uppercase();
    ["TOKEN", "SECRET", "PASSWORD", "CREDENTIAL", "_KEY"].iter().any(|word| name.contains(word))
}

/// rustc's messages, one JSON object a line.
struct Messages {
    /// The folder of the package that is compiled.
    package: PathBuf,
    /// Whether the source has a word that could put another file's text into
    /// a message.
    may_quote: bool,
    said: usize,
    told_error: bool,
    /// Whether the compiler said that it got no more memory.
    allocation_failed: bool,
}

impl Messages {
    fn of_this_crate() -> Messages {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
        let source = std::fs::read_to_string(package.join("src/lib.rs")).unwrap_or_default();
        let may_quote = source
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .any(|word| matches!(word, "include" | "include_str" | "include_bytes"));
        Messages { package, may_quote, said: 0, told_error: false, allocation_failed: false }
    }

    fn pass_on(&mut self, stderr: impl Read) {
        let mut lines = BufReader::new(stderr);
        let mut line = Vec::new();
        loop {
            line.clear();
            match lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
                Ok(1..) => self.take(&line),
                _ => return,
            }
        }
    }

    fn take(&mut self, line: &[u8]) {
        let Ok(message) = serde_json::from_slice::<Value>(line) else {
            // The rest of a message that is too long, or no message at all: so an
            // allocator says that there is no more.
            let said = String::from_utf8_lossy(line).to_lowercase();
            self.allocation_failed |=
                said.contains("memory allocation of") || said.contains("out of memory");
            return;
        };
        if message["$message_type"] == "diagnostic" {
            let is_error = message["level"].as_str().is_some_and(|it| it.starts_with("error"));
            let foreign = self.names_other_files(&message);
            if foreign || self.may_quote {
                if is_error && !self.told_error {
                    self.error(if foreign { ONE_FILE } else { HIDDEN });
                }
                return;
            }
            if self.said + line.len() > MOST_SAID && (self.told_error || !is_error) {
                return;
            }
            self.told_error |= is_error;
        }
        self.said += line.len();
        let _ = std::io::stderr().write_all(line);
    }

    fn error(&mut self, (en, zh): (&str, &str)) {
        self.told_error = true;
        let message = json!({
            "$message_type": "diagnostic",
            "message": en,
            "code": null,
            "level": "error",
            "spans": [],
            "children": [],
            "rendered": format!("error: {en}\n  = {zh}\n\n"),
        });
        eprintln!("{message}");
    }

    /// Whether the compiler ended because it got no more memory: it says so, or
    /// aborts.
    fn out_of_memory(&self, status: std::process::ExitStatus) -> bool {
        #[cfg(unix)]
        let aborted = {
            use std::os::unix::process::ExitStatusExt;
            status.signal() == Some(6)
        };
        #[cfg(not(unix))]
        let aborted = {
            let _ = status;
            false
        };
        self.allocation_failed || aborted
    }

    /// Whether a message points into a file that is not the package's.
    fn names_other_files(&self, message: &Value) -> bool {
        match message {
            Value::Object(fields) => fields.iter().any(|(name, value)| match value {
                Value::String(file) if name == "file_name" => !self.is_own(Path::new(file)),
                value => self.names_other_files(value),
            }),
            Value::Array(values) => values.iter().any(|value| self.names_other_files(value)),
            _ => false,
        }
    }

    /// Whether a file is the package's, or a library's.
    fn is_own(&self, file: &Path) -> bool {
        let shown = file.to_string_lossy().replace('\\', "/");
        let library = ["/rustc/", "rustlib/src/", "registry/src/", "<"];
        library.iter().any(|part| shown.contains(part)) || self.is_in_package(file)
    }

    fn is_in_package(&self, file: &Path) -> bool {
        let real = |path: &Path| path.canonicalize().ok();
        let (Some(file), Some(package)) = (real(file), real(&self.package)) else { return false };
        file.starts_with(package)
    }

    /// Whether rustc read any other file for this crate, as it noted itself.
    fn reads_other_files(&self, arguments: &[OsString]) -> bool {
        let Some(note) = dep_info(arguments) else { return false };
        let Ok(note) = std::fs::read_to_string(note) else { return false };
        // `a.d: one.rs two.rs`, then each file again on a line of its own
        // without any dependency: the latter need no unescaping but of spaces.
        note.lines()
            .filter_map(|line| line.strip_suffix(':'))
            .map(|file| file.replace("\\ ", " "))
            .any(|file| !self.is_in_package(Path::new(&file)))
    }
}

/// Where rustc notes which files it has read.
fn dep_info(arguments: &[OsString]) -> Option<PathBuf> {
    let words: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let after = |flag: &str| {
        let at = words.iter().position(|word| *word == flag)?;
        words.get(at + 1).copied()
    };
    let extra = words.iter().find_map(|word| word.strip_prefix("extra-filename="))?;
    Some(Path::new(after("--out-dir")?).join(format!("{}{extra}.d", after("--crate-name")?)))
}
