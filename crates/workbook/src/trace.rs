//! A program's timeline outside of the book.

use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use book::{alone, recordings};
use console::Term;
use project::locale::{self, t};
use project::{Project, files};
use record::package::{Package, PackageError};
use record::{Program, Stand};
use recording::{
    model::{Clock, Ending, Trace, Traces},
    svg, text,
    words::Locale,
};

/// What is to be traced.
#[derive(Debug)]
pub struct Asked {
    /// An example's name, or the path of a file or of a package.
    pub name: String,
    /// The clock, if not the one that the program's text asks for.
    pub clock: Option<Clock>,
    /// Which executable of a package.
    pub bin: Option<String>,
    /// What a package's program is called with.
    pub arguments: Vec<OsString>,
}

/// A way to show a trace.
pub enum View {
    /// The lanes and the printed lines, as wide as the terminal.
    Lanes,
    /// The trace itself.
    Json,
    /// The picture, into a file.
    Svg(PathBuf),
    /// A page to step through, into a file.
    Html(PathBuf),
}

/// A program and what it did.
struct Traced {
    trace: Trace,
    source: String,
    /// False for the book's, whose pages say all that is to be said.
    is_own: bool,
}

/// The columns of what is no terminal.
const COLUMNS: u16 = 80;
/// A picture's pixels.
const PIXELS: u32 = 960;

/// Shows what a program does: one of the book's as it is recorded, or, if its
/// text is another by now, as it is; and any program of the reader's own.
///
/// # Errors
///
/// There is no such program, it does not compile or cannot be recorded, or the
/// file cannot be written.
pub fn show(project: &Project, asked: &Asked, view: View) -> Result<()> {
    let Traced { trace, source, is_own } = traced(project, asked)?;
    let locale = recordings::locale(locale::language());
    if is_own {
        say_which_clock(&trace, asked);
    }
    let shown = match view {
        View::Lanes => lanes(&trace),
        View::Json => serde_json::to_string_pretty(&Traces::new(vec![trace]))? + "\n",
        View::Svg(file) => return write(&file, &svg::draw(&trace, locale, PIXELS)),
        View::Html(file) => {
            return write(&file, &alone::page(&trace, &source, locale::language())?);
        }
    };
    print(&shown)
}

/// The lanes and the printed lines, as wide as the terminal.
pub fn lanes(trace: &Trace) -> String {
    let (_, columns) = Term::stdout().size_checked().unwrap_or((0, COLUMNS));
    text::lanes(trace, recordings::locale(locale::language()), columns.into())
}

/// Writes to standard output, as long as somebody reads it.
///
/// # Errors
///
/// It cannot be written for another reason.
pub fn print(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        // Whoever was reading has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

fn write(file: &Path, text: &str) -> Result<()> {
    // A bare name has an empty folder; the file still has one.
    let file = std::path::absolute(file)?;
    // Whatever lies there goes, if it is what this command wrote before.
    let is_ours = |text: String| text.contains("class=\"wb-lanes\"");
    let is_file = std::fs::symlink_metadata(&file).is_ok_and(|data| data.is_file());
    if is_file && !std::fs::read_to_string(&file).is_ok_and(is_ours) {
        let shown = file.display();
        bail!(t(
            format!("{shown} 里是别的东西，没有动它；请换一个名字。"),
            format!("{shown} holds something else and is left alone; choose another name."),
        ));
    }
    files::write_whole(&file, text.as_bytes())?;
    let shown = file.display();
    eprintln!("{}", t(format!("已写入 {shown}。"), format!("Wrote {shown}.")));
    Ok(())
}

/// Which clock it ran on and why, and how to have the other.
fn say_which_clock(trace: &Trace, asked: &Asked) {
    let [zh, en] = [Locale::Zh, Locale::En].map(|locale| locale.why_real(trace));
    let said = match (zh, en) {
        _ if asked.clock.is_some() => return,
        (Some(zh), Some(en)) => t(
            format!("用真实时钟录制：{zh}（`--clock paused` 换成暂停的时钟）。"),
            format!("Recorded on the real clock: {en} (`--clock paused` overrules)."),
        ),
        _ => t(
            "用暂停的时钟录制：程序只等定时器和自己的任务（`--clock real` 换成真实时钟）。".to_owned(),
            "Recorded on the paused clock: the program waits for timers and its own tasks alone (`--clock real` overrules).".to_owned(),
        ),
    };
    eprintln!("{said}");
}

fn traced(project: &Project, asked: &Asked) -> Result<Traced> {
    let name = &asked.name;
    if Path::new(name).is_dir() {
        return package(project, asked);
    }
    if asked.bin.is_some() || !asked.arguments.is_empty() {
        bail!(t(
            format!("{name} 不是一个包：--bin 和 `--` 后面的参数只对包有用。"),
            format!("{name} is no package: --bin and arguments after `--` are for packages."),
        ));
    }
    let own = elsewhere(project, name)?;
    let is_own = own.is_some();
    let mut program = match own {
        Some(program) => program,
        None => {
            if let (None, Ok(trace)) = (asked.clock, recordings::trace(project, name)) {
                let source = std::fs::read_to_string(project.program(name))?;
                return Ok(Traced { trace: Trace::clone(&trace), source, is_own });
            }
            project.expect_program(name)?;
            snapshots::program(project, name)
        }
    };
    program.clock = asked.clock;
    let source =
        std::fs::read_to_string(&program.path).with_context(|| files::unreadable(&program.path))?;
    let outcome = snapshots::record_all(project, &[program])?.remove(0);
    let trace = snapshots::made(name, outcome)?.trace;
    expect_events(name, &trace)?;
    Ok(Traced { trace, source, is_own })
}

fn expect_events(name: &str, trace: &Trace) -> Result<()> {
    if let Ending::Killed { .. } | Ending::Lost { .. } = trace.ending {
        let locale = recordings::locale(locale::language());
        bail!("{name}: {}", locale.ending(trace).unwrap_or_default());
    }
    Ok(())
}

fn package(project: &Project, asked: &Asked) -> Result<Traced> {
    let name = &asked.name;
    let package = Package {
        folder: PathBuf::from(name),
        bin: asked.bin.clone(),
        arguments: asked.arguments.clone(),
        clock: asked.clock,
    };
    let (trace, source) =
        snapshots::record_package(project, &package).map_err(|error| match error {
            PackageError::NoManifest(_) => anyhow!(t(
                format!("{name} 里没有 Cargo.toml：请写一个 cargo 包的文件夹，或者一个 .rs 文件。"),
                format!("{name} has no Cargo.toml: give a cargo package's folder, or a .rs file."),
            )),
            PackageError::Which(names) if names.is_empty() => anyhow!(t(
                format!("{name} 没有可执行文件，没有可以录制的。"),
                format!("{name} has no executable, so there is nothing to record."),
            )),
            PackageError::Which(names) => {
                let names = names.join(t("、", ", "));
                anyhow!(t(
                    format!("{name} 有几个可执行文件，请用 --bin 指定一个：{names}。"),
                    format!("{name} has several executables; choose one with --bin: {names}."),
                ))
            }
            PackageError::NoTokio => anyhow!(t(
                format!("{name} 没有依赖 tokio，没有可以录制的。"),
                format!("{name} does not depend on tokio, so there is nothing to record."),
            )),
            PackageError::DoesNotCompile => anyhow!(t(
                format!("{name} 编译不通过（见上）。"),
                format!("{name} does not compile (see above)."),
            )),
            other => other.into(),
        })?;
    expect_events(name, &trace)?;
    Ok(Traced { trace, source, is_own: true })
}

/// A program of the reader's own: a file anywhere, or one that lies where they
/// may keep theirs.
fn elsewhere(project: &Project, name: &str) -> Result<Option<Program>> {
    let (path, file) = if name.ends_with(".rs") || name.contains(['/', '\\']) {
        (PathBuf::from(name), name.replace('\\', "/"))
    } else {
        match project.own_program(name) {
            Some(own) => own,
            None => return Ok(None),
        }
    };
    if !path.is_file() {
        bail!(t(
            format!("没有 {file} 这个文件：请写一个 Rust 程序的路径，或者一个示例的名字。"),
            format!(
                "There is no file {file}: give the path of a Rust program, or an example's name."
            ),
        ));
    }
    // As rustc names a crate.
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name: String =
        stem.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).collect();
    let name = match name.chars().next() {
        Some(first) if first.is_alphabetic() => name,
        _ => format!("program_{name}"),
    };
    Ok(Some(Program { name, path, file, libraries: Stand::Light, text: None, clock: None }))
}
