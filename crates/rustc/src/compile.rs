//! One program, compiled by rustc against libraries, and kept until its text is
//! another.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, SystemTime};

use crate::diagnostic::Diagnostic;
use crate::libraries::Libraries;

/// A program to be compiled.
#[derive(Clone, Debug)]
pub struct Unit<'a> {
    /// What it is called: a Rust identifier.
    pub name: &'a str,
    /// The file that it is to the compiler, and to whoever reads its errors,
    /// panics and call stacks; `mod` and `include!` find what lies beside it.
    pub path: &'a Path,
    /// Its text, be it another than the file's.
    pub text: &'a str,
    /// What else the executable depends on.
    pub key: &'a str,
    /// Further arguments for rustc.
    pub arguments: &'a [&'a str],
    /// A library that takes the name of another: `("tokio", "plain_tokio")`.
    pub renamed: Option<(&'a str, &'a str)>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Made {
    /// The executable.
    pub executable: PathBuf,
    /// rustc's warnings.
    pub warnings: Vec<Diagnostic>,
}

/// Why there is no executable.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// It does not compile: rustc's errors, and its warnings.
    #[error("{}", rendered(.0))]
    DoesNotCompile(Vec<Diagnostic>),
    /// The libraries do not fit each other, or one of them is missing: what rustc says.
    #[error("{}", rendered(.0))]
    Libraries(Vec<Diagnostic>),
    /// rustc could not be started, or a file not be written.
    #[error("{0}: {1}")]
    Start(PathBuf, io::Error),
}

/// As a terminal shows them.
fn rendered(said: &[Diagnostic]) -> String {
    let said = said.iter().filter_map(|one| one.rendered.as_deref());
    said.collect::<String>().trim_end().to_owned()
}

/// The executable of a program, unless this very one was compiled before with
/// these libraries; then it is what was kept in `folder`.
///
/// # Errors
///
/// See [`CompileError`].
pub fn compile(
    unit: &Unit<'_>,
    libraries: &Libraries,
    folder: &Path,
) -> Result<Made, CompileError> {
    let executable = place(unit, libraries, folder);
    let said = executable.with_extension("said");
    if is_whole(&executable) {
        let kept = std::fs::read_to_string(&said).unwrap_or_default();
        return Ok(Made { executable, warnings: findings(&kept) });
    }
    remove(&executable);
    remove(&said);
    let (status, errors) = rustc(unit, libraries, folder, Some(&executable), &[])?;
    let warnings = findings(&errors);
    if !status {
        return Err(match warnings.iter().any(is_of_the_libraries) {
            true => CompileError::Libraries(warnings),
            false => CompileError::DoesNotCompile(warnings),
        });
    }
    if !warnings.is_empty() {
        let _ = std::fs::write(&said, &errors);
    }
    forget_older(unit, folder);
    Ok(Made { executable, warnings })
}

/// What rustc says of a program, without an executable.
///
/// # Errors
///
/// See [`CompileError`].
pub fn check(
    unit: &Unit<'_>,
    libraries: &Libraries,
    folder: &Path,
) -> Result<Vec<Diagnostic>, CompileError> {
    let (status, errors) = rustc(unit, libraries, folder, None, &["--emit=metadata"])?;
    let said = findings(&errors);
    if status { Ok(said) } else { Err(CompileError::DoesNotCompile(said)) }
}

/// Where the executable lies, or would.
pub fn place(unit: &Unit<'_>, libraries: &Libraries, folder: &Path) -> PathBuf {
    let suffix = std::env::consts::EXE_SUFFIX;
    folder.join(format!("{}-{:016x}{suffix}", unit.name, key(unit, libraries)))
}

/// Whether something begins as executables of this machine do: after a crash, a file
/// can be empty that was written before.
fn is_whole(executable: &Path) -> bool {
    let begin = |path: &Path| {
        let mut begin = [0; 4];
        std::fs::File::open(path)?.read_exact(&mut begin)?;
        io::Result::Ok(begin)
    };
    let own = std::env::current_exe().and_then(|own| begin(&own));
    match (begin(executable), own) {
        (Ok(begin), Ok(own)) => begin == own,
        (Ok(_), Err(_)) => true,
        (Err(_), _) => false,
    }
}

fn remove(path: &Path) {
    let _ = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
}

/// Calls rustc; whether it succeeded, and what it said in JSON.
fn rustc(
    unit: &Unit<'_>,
    libraries: &Libraries,
    folder: &Path,
    executable: Option<&Path>,
    arguments: &[&str],
) -> Result<(bool, String), CompileError> {
    let rustc = PathBuf::from(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let start = |error| CompileError::Start(rustc.clone(), error);
    // Two at once write two files; the last one renamed is as good as the first.
    std::fs::create_dir_all(folder).map_err(start)?;
    let part = format!("{PART}{}-", std::process::id());
    let place = tempfile::Builder::new().prefix(&part).tempdir_in(folder).map_err(start)?;
    let part = place.path().join("program");
    let source = place.path().join(unit.path.file_name().unwrap_or_default());
    std::fs::write(&source, unit.text).map_err(start)?;
    if let Some(beside) = unit.path.parent() {
        link_beside(beside, unit.path, place.path());
    }
    let mut command = Command::new(&rustc);
    command
        .args(["--edition=2024", "--crate-type=bin", "--error-format=json"])
        .args(unit.arguments)
        .args(arguments)
        .arg(format!("--crate-name={}", crate_name(unit.name, libraries)))
        // Errors, panics and call stacks name the program's own file.
        .arg(remap(place.path(), unit.path.parent().unwrap_or(unit.path)))
        .args(libraries.paths.iter().flat_map(|path| ["-L", path]))
        .env("CARGO_MANIFEST_DIR", &libraries.package)
        .arg("-o")
        .arg(&part)
        .arg(&source)
        .stdin(Stdio::null());
    let (renamed, to) = unit.renamed.unwrap_or_default();
    for (name, file) in &libraries.externs {
        let name = if name == to { renamed } else { name };
        if name == renamed && !renamed.is_empty() && Some(file) != libraries.externs.get(to) {
            continue;
        }
        command.arg("--extern").arg(format!("{name}={}", file.display()));
    }
    let (status, mut said) = hear(&mut command).map_err(start)?;
    if let Some(executable) = executable.filter(|_| status.success()) {
        std::fs::rename(&part, executable).map_err(start)?;
    }
    if status.code().is_none() {
        said += &format!("\nrustc was ended from outside: {status}\n");
    }
    Ok((status.success(), said))
}

/// So much of what rustc says is heard, in bytes.
const MOST_WORDS: u64 = 8 << 20;

/// Runs it to its end, and hears what it says on standard error.
fn hear(command: &mut Command) -> io::Result<(ExitStatus, String)> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let mut said = Vec::new();
    if let Some(mut stderr) = child.stderr.take() {
        (&mut stderr).take(MOST_WORDS).read_to_end(&mut said)?;
        // It would wait for its reader.
        io::copy(&mut stderr, &mut io::sink())?;
    }
    Ok((child.wait()?, String::from_utf8_lossy(&said).into_owned()))
}

/// The errors and warnings among what rustc says.
fn findings(said: &str) -> Vec<Diagnostic> {
    let read = |line: &str| match serde_json::from_str::<Diagnostic>(line) {
        Ok(diagnostic) => diagnostic.is_finding().then_some(diagnostic),
        // It is not always JSON: a linker, or the compiler itself, may have failed.
        Err(_) if line.trim().is_empty() || line.starts_with('{') => None,
        Err(_) => serde_json::from_value(serde_json::json!({
            "level": "error", "message": line, "rendered": format!("{line}\n"),
            "code": null, "spans": [],
        }))
        .ok(),
    };
    said.lines().filter_map(read).collect()
}

/// Whether rustc complains of a library and not of the program. (One that is missing
/// without being named by the program has no code, and no place.)
fn is_of_the_libraries(said: &Diagnostic) -> bool {
    ["E0460", "E0461", "E0463", "E0514", "E0519", "E0786"].contains(&said.code())
        || (said.is_error() && said.code().is_empty() && said.spans.is_empty())
}

/// The program's own name, if no other crate has it and no keyword is in the way.
fn crate_name(name: &str, libraries: &Libraries) -> String {
    match TAKEN.contains(&name) || libraries.externs.contains_key(name) {
        true => format!("wb_{name}"),
        false => name.to_owned(),
    }
}

/// Crates of the system, and keywords.
const TAKEN: &[&str] = &[
    "alloc",
    "core",
    "proc_macro",
    "std",
    "test",
    "tokio",
    "as",
    "async",
    "await",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "unsafe",
    "use",
    "where",
    "while",
    "yield",
];

/// Where a program is compiled is called so, and a number.
const PART: &str = "part-";

/// Links what lies beside the program, or what can be linked of it.
fn link_beside(folder: &Path, program: &Path, place: &Path) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        let is_source = path.is_dir() || path.extension().is_some_and(|ending| ending == "rs");
        if is_source && path.file_name() != program.file_name() {
            #[cfg(unix)]
            let _ = std::os::unix::fs::symlink(&path, place.join(entry.file_name()));
        }
    }
}

fn remap(from: &Path, to: &Path) -> std::ffi::OsString {
    let mut argument = std::ffi::OsString::from("--remap-path-prefix=");
    argument.push(from);
    argument.push("=");
    argument.push(to);
    argument
}

/// How long an executable is left alone: somebody else may be about to run it.
const LEFT_ALONE: Duration = Duration::from_secs(30);

/// How many executables of a program are kept, of its latest texts: whoever edits
/// goes back and forth.
const KEPT: usize = 4;

/// Removes the executables of earlier texts of the program, and what compilers left
/// that were interrupted.
fn forget_older(unit: &Unit<'_>, folder: &Path) {
    let own = format!("{}-", unit.name);
    let mut kept = Vec::new();
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let age = entry.metadata().and_then(|data| data.modified()).map(|at| at.elapsed());
        let age = age.ok().and_then(Result::ok).unwrap_or_default();
        if let Some(part) = name.strip_prefix(PART) {
            if is_gone(part, age) {
                remove(&entry.path());
            }
        } else if name
            .strip_prefix(&own)
            .is_some_and(|key| key.trim_end_matches(".exe").len() == 16)
        {
            kept.push((age, entry.path()));
        }
    }
    kept.sort();
    for (age, executable) in kept.split_off(KEPT.min(kept.len())) {
        if age > LEFT_ALONE {
            remove(&executable);
            remove(&executable.with_extension("said"));
        }
    }
}

/// Whether the process is gone whose number stands at the beginning of such a name.
fn is_gone(part: &str, age: Duration) -> bool {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, test_kill_process};
        let id = part.split('-').next().and_then(|id| id.parse().ok()).and_then(Pid::from_raw);
        if id.is_some_and(|id| test_kill_process(id) == Err(rustix::io::Errno::SRCH)) {
            return true;
        }
    }
    let _ = part;
    // Its number may be another's by now.
    age > Duration::from_secs(600)
}

/// Of everything that the executable depends on. Only this build of this crate
/// reads it again, so that the standard library's own hasher will do.
fn key(unit: &Unit<'_>, libraries: &Libraries) -> u64 {
    let mut hasher = DefaultHasher::new();
    (unit.text, unit.path, unit.key, unit.arguments, &libraries.paths).hash(&mut hasher);
    for (name, file) in &libraries.externs {
        let modified = file.metadata().and_then(|data| data.modified());
        (name, file, modified.unwrap_or(SystemTime::UNIX_EPOCH)).hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Wanted;

    struct Place(tempfile::TempDir);

    impl Place {
        fn new() -> Place {
            Place(tempfile::tempdir().expect("a folder"))
        }

        fn compile(&self, text: &str) -> Result<Made, CompileError> {
            let root = self.0.path();
            let path = root.join("it.rs");
            let wanted = Wanted {
                root,
                target: root,
                build: &[],
                environment: None,
                package: ("none", ""),
                also: &[],
            };
            let libraries = Libraries::build(&wanted, None).expect("nothing to build");
            let unit =
                Unit { name: "it", path: &path, text, key: "", arguments: &[], renamed: None };
            compile(&unit, &libraries, &root.join("programs"))
        }
    }

    #[test]
    fn a_program_is_kept_with_what_was_said_of_it() {
        let place = Place::new();
        let text = "fn main() { let unused = 1; }";
        let made = place.compile(text).expect("it compiles");
        let at = std::fs::metadata(&made.executable).and_then(|it| it.modified()).expect("a file");
        let again = place.compile(text).expect("it is there");
        assert_eq!(again.executable, made.executable);
        assert_eq!(again.executable.metadata().and_then(|it| it.modified()).expect("a file"), at);
        for made in [&made, &again] {
            assert_eq!(made.warnings[0].code(), "unused_variables");
        }
        let other = place.compile("fn main() {}").expect("it compiles");
        assert!(other.executable != made.executable && other.warnings.is_empty());
    }

    #[test]
    fn an_error_is_told_by_its_line_in_the_programs_own_file() {
        let place = Place::new();
        let error = place.compile("fn main() {\n    no();\n}\n").expect_err("it does not compile");
        let CompileError::DoesNotCompile(said) = &error else { panic!("{error}") };
        assert_eq!(said.len(), 1, "without the count of errors: {said:#?}");
        let told = said[0].told(&place.0.path().join("it.rs"));
        assert_eq!((told.code.as_deref(), told.place.map(|it| it.line)), (Some("E0425"), Some(2)));
        assert!(error.to_string().contains("it.rs:2:5"), "{error}");
    }

    #[test]
    fn what_lies_beside_a_program_is_found() {
        let place = Place::new();
        std::fs::write(place.0.path().join("beside.rs"), "pub fn f() {}").expect("a file");
        place.compile("mod beside; fn main() { beside::f() }").expect("it compiles");
    }
}
