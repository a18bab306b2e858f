//! Makes an executable of a program and the recorder, by rustc alone: half a
//! second for a program as long as a page.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use recording::model::Clock;

use crate::libraries::Libraries;
use crate::{Program, RecordError, clock};

/// `println!` and `print!` as the recorder hears them.
const PRINT_MACROS: &str = include_str!("print_macros.rs");

/// A program that compiled.
#[derive(Debug)]
pub struct Compiled {
    /// The executable.
    pub executable: PathBuf,
    /// The clock that it runs on.
    pub clock: Clock,
    /// Why not on the paused one.
    pub why_real: Option<String>,
    /// The program's text.
    pub text: String,
}

/// Compiles the program, unless this very text was compiled before with these
/// libraries.
///
/// # Errors
///
/// The file cannot be read, it does not compile, or rustc cannot be started.
pub fn compile(
    program: &Program,
    libraries: &Libraries,
    target: &Path,
) -> Result<Compiled, RecordError> {
    let unreadable = |error| RecordError::Unreadable(program.path.clone(), error);
    let text = std::fs::read_to_string(&program.path).map_err(unreadable)?;
    let path = std::path::absolute(&program.path).map_err(unreadable)?;
    let why_real = match program.clock {
        None => clock::needs_real_clock(&text),
        Some(Clock::Real) => Some(clock::ASKED),
        Some(Clock::Paused) => None,
    };
    let stages: &[&str] = match clock::has_own_event_loop(&text) {
        true => &["by_hand as std"],
        false => &["watched as tokio", "stage as tokio"],
    };
    let main = |stage: &str| main_file(program, &path, stage, why_real);

    let folder = target.join("programs");
    let key = key(&main(stages[0]), &text, libraries);
    let executable =
        folder.join(format!("{}-{key:016x}{}", program.name, std::env::consts::EXE_SUFFIX));
    let compiled = Compiled {
        executable,
        clock: if why_real.is_some() { Clock::Real } else { Clock::Paused },
        why_real: why_real.map(str::to_owned),
        text,
    };
    if !compiled.executable.exists() {
        let mut built = Ok(());
        for stage in stages {
            built = build(program, libraries, &folder, &main(stage), &compiled.executable);
            // A program may hand tokio's own types to another crate; the plain
            // stage has them. What it says of an error is what a reader knows.
            if !matches!(built, Err(RecordError::DoesNotCompile(_))) {
                break;
            }
        }
        built?;
        forget_older(&folder, program, &compiled.executable);
    }
    Ok(compiled)
}

/// Removes an executable that was kept, whatever lies in its place.
pub(crate) fn forget(compiled: &Compiled) {
    let place = &compiled.executable;
    let _ =
        if place.is_dir() { std::fs::remove_dir_all(place) } else { std::fs::remove_file(place) };
}

/// The executable's main file: the program as a module, below the recorder's
/// macros, with a stage in the place of tokio (or of std).
fn main_file(program: &Program, path: &Path, stage: &str, why_real: Option<&str>) -> String {
    let Program { name, file, .. } = program;
    format!(
        "{PRINT_MACROS}
#[allow(unused, missing_docs, clippy::all)]
mod {name} {{
    use ::recorder::{stage};
    include!({path:?});
    pub fn run() -> ::std::process::ExitCode {{ ::std::process::Termination::report(main()) }}
}}
fn main() -> ::std::process::ExitCode {{
    ::recorder::host::main(::recorder::host::Compiled {{
        name: {name:?},
        file: {file:?},
        path: {path:?},
        source: include_str!({path:?}),
        why_real: {why_real:?},
        run: {name}::run,
    }})
}}
"
    )
}

fn build(
    program: &Program,
    libraries: &Libraries,
    folder: &Path,
    main: &str,
    executable: &Path,
) -> Result<(), RecordError> {
    let rustc = PathBuf::from(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let start = |error| RecordError::Start(rustc.clone(), error);
    // Two at once write two files; the last one renamed is as good as the first.
    let part = executable.with_extension(format!("{}.part", std::process::id()));
    let source = part.with_extension("rs");
    std::fs::create_dir_all(folder).map_err(start)?;
    std::fs::write(&source, main).map_err(start)?;
    let mut command = Command::new(&rustc);
    command
        .args([
            "--edition=2024",
            "--crate-type=bin",
            "-Cdebuginfo=line-tables-only",
            // One unit of debug information, which is read at the start and not
            // while the program runs.
            "-Ccodegen-units=1",
            "--cap-lints=allow",
        ])
        .arg(format!("--crate-name={}", program.name))
        .args(libraries.paths.iter().flat_map(|path| ["-L", path]))
        .env("CARGO_MANIFEST_DIR", &libraries.package)
        .arg("-o")
        .arg(&part)
        .arg(&source)
        .stdin(Stdio::null());
    for (name, file) in &libraries.externs {
        command.arg("--extern").arg(format!("{name}={}", file.display()));
    }
    let output = command.output();
    let _ = std::fs::remove_file(&source);
    let output = output.map_err(start)?;
    if !output.status.success() {
        let _ = std::fs::remove_file(&part);
        let said = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
        return Err(RecordError::DoesNotCompile(said));
    }
    std::fs::rename(&part, executable).map_err(start)
}

/// How long an executable is left alone: somebody else may be about to run it.
const LEFT_ALONE: Duration = Duration::from_secs(600);

/// Removes the executables of earlier texts of the program.
fn forget_older(folder: &Path, program: &Program, newest: &Path) {
    let own = format!("{}-", program.name);
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_own = name.to_str().is_some_and(|name| {
            let key = name.strip_prefix(&own).map(|key| key.trim_end_matches(".exe"));
            key.is_some_and(|key| key.len() == 16)
        });
        let age = entry.metadata().and_then(|data| data.modified()).map(|at| at.elapsed());
        let is_old = matches!(age, Ok(Ok(age)) if age > LEFT_ALONE);
        if is_own && is_old && entry.path() != newest {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Of everything that the executable depends on. Only this build of this crate
/// reads it again, so that the standard library's own hasher will do.
fn key(main: &str, text: &str, libraries: &Libraries) -> u64 {
    let mut hasher = DefaultHasher::new();
    (main, text, &libraries.paths).hash(&mut hasher);
    for (name, file) in &libraries.externs {
        let modified = file.metadata().and_then(|data| data.modified());
        (name, file, modified.unwrap_or(SystemTime::UNIX_EPOCH)).hash(&mut hasher);
    }
    hasher.finish()
}
