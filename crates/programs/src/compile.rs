//! Compiles programs: all of the book's with cargo, as a reader does, for the soak
//! and the tests; one, or an edit of it, with rustc alone, for a page.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use project::files::expect_writable;
use project::locale::t;
use project::{Project, command, target_folder};
use rustc::{Diagnostic, Libraries, Made, Unit, Wanted};
use serde::Deserialize;

/// How long one program may run on the real clock.
pub const LIMIT: Duration = Duration::from_secs(60);

/// The part of cargo's `compiler-artifact` message that is read here.
#[derive(Deserialize)]
struct Artifact {
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

/// Compiles all examples, and returns the executable of each.
///
/// What cargo says goes to standard error. The packages are the default
/// members, as with `cargo run --example NAME`, so that both share one build.
///
/// # Errors
///
/// Cargo cannot be run, or an example does not compile (cargo has said why).
pub fn all(project: &Project) -> Result<BTreeMap<String, PathBuf>> {
    let target = target_folder(&project.root);
    expect_writable(&target)?;
    let output = Command::new(command::cargo())
        .args(["build", "--message-format=json-render-diagnostics", "--examples", "--target-dir"])
        .arg(&target)
        .current_dir(&project.root)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context(t("无法运行 cargo", "cannot run cargo"))?;
    if !output.status.success() {
        bail!(t("有示例没有通过编译（见上）。", "An example does not compile (see above)."));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
    let example = |artifact: Artifact| {
        let is_example = artifact.target.kind.iter().any(|kind| kind == "example");
        Some((artifact.target.name, artifact.executable.filter(|_| is_example)?))
    };
    Ok(artifacts.filter_map(example).collect())
}

/// Why a program has no executable.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// It does not compile: what rustc says of it.
    #[error("{}", rustc::CompileError::DoesNotCompile(.0.clone()))]
    DoesNotCompile(Vec<Diagnostic>),
    /// Something else is wrong.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// The executable of a program of the book's, or of `text` in its place, compiled in a
/// target folder of its own: the reader's next cargo command does not wait for it.
/// Each line that cargo says of its progress is told.
///
/// # Errors
///
/// There is no such program, or it does not compile.
pub fn made(
    project: &Project,
    name: &str,
    text: Option<&str>,
    mut tell: impl FnMut(&str),
) -> Result<Made, CompileError> {
    project.expect_program(name)?;
    let target = target_folder(&project.root).join("run");
    expect_writable(&target)?;
    let is_application = project.is_application(name);
    let (package, folder) = match is_application {
        true => ("applications".to_owned(), "examples/applications"),
        false => (project.package()?, ""),
    };
    let build = match is_application {
        true => vec!["--lib".to_owned(), "--package".to_owned(), package.clone()],
        false => dependencies(project, &package)?,
    };
    let wanted = Wanted {
        root: &project.root,
        target: &target,
        build: &build.iter().map(String::as_str).collect::<Vec<_>>(),
        environment: None,
        package: (&package, folder),
        also: &[],
    };
    let path = project.program(name);
    let text = match text {
        Some(text) => text.to_owned(),
        None => std::fs::read_to_string(&path).with_context(|| path.display().to_string())?,
    };
    let unit = Unit {
        name,
        path: &path,
        text: &text,
        key: "",
        arguments: &["-Cdebuginfo=line-tables-only", "-Ccodegen-units=16"],
        renamed: None,
    };
    let folder = target.join("programs");
    let mut libraries = || {
        Libraries::build(&wanted, Some(&mut tell)).context(t(
            "编译程序要用的库没有编译成",
            "what programs are compiled with could not be compiled",
        ))
    };
    let built = libraries()?;
    let mut made = rustc::compile(&unit, &built, &folder);
    if matches!(made, Err(rustc::CompileError::Libraries(_))) {
        built.forget();
        made = rustc::compile(&unit, &libraries()?, &folder);
    }
    made.map_err(|error| match error {
        rustc::CompileError::DoesNotCompile(said) | rustc::CompileError::Libraries(said) => {
            CompileError::DoesNotCompile(said)
        }
        other @ rustc::CompileError::Start(..) => CompileError::Other(other.into()),
    })
}

/// What the programs of a package depend on, as cargo is asked to build it: not one
/// of the programs, which need not compile.
fn dependencies(project: &Project, package: &str) -> Result<Vec<String>> {
    let named = rustc::libraries::dependencies(&project.root, package)?;
    let package = |(name, version): (String, Option<String>)| match version {
        Some(version) => ["--package".to_owned(), format!("{name}@{version}")],
        None => ["--package".to_owned(), name],
    };
    Ok(named.into_iter().flat_map(package).collect())
}
