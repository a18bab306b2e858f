//! Records the programs of `tests/programs`, all of them at once, and compares
//! what each of them did with its snapshot.

#[path = "../../recording/tests/pictures/mod.rs"]
mod pictures;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use record::{Program, RecordError, Stand, Studio};
use recording::{compare, model::Trace, text, words::Locale};

/// Longer than any of them waits on the real clock; one of them hangs.
const LIMIT: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let programs = programs();
    let mut studio = Studio::new(&root(), &root().join(target()));
    let outcomes = studio.record(&programs, LIMIT, |_| {});
    let outcomes = outcomes.unwrap_or_else(|error| panic!("{error}"));
    let trials = programs.into_iter().zip(outcomes).map(|(program, outcome)| {
        Trial::test(format!("programs::{}", program.name), move || match outcome {
            Ok(recording) => snapshot(&program.name, &recording.trace),
            // Its first line; the rest is rustc's, and another in the next version.
            Err(error @ RecordError::DoesNotCompile(_)) => {
                let said = error.to_string();
                assert_snapshot(&program.name, said.lines().next().unwrap_or_default())
            }
            Err(error) => Err(error.to_string().into()),
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("it is above")
}

/// The folder that the command uses too, so that the libraries are built once.
fn target() -> std::path::PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    Path::new(&target.unwrap_or_else(|| "target".into())).join("recorder")
}

fn programs() -> Vec<Program> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let files = folder.read_dir().expect("the programs are there");
    let mut paths: Vec<_> = files.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    let program = |path: std::path::PathBuf| {
        let name = path.file_stem().expect("a file").to_string_lossy().into_owned();
        let file = format!("programs/{name}.rs");
        Program { name, path, file, libraries: Stand::Light, text: None, clock: None }
    };
    paths.into_iter().map(program).collect()
}

/// Those that a page of the book shows, as a terminal shows them.
const DRAWN: [&str; 1] = ["stuck_circle"];

fn snapshot(name: &str, trace: &Trace) -> Result<(), Failed> {
    pictures::expect_clear(trace)?;
    if DRAWN.contains(&name) {
        for locale in [Locale::Zh, Locale::En] {
            let name = format!("{name}__{}", locale.code());
            assert_snapshot(&name, &text::lanes(trace, locale, 72))?;
        }
    }
    assert_snapshot(name, &shortened(&compare::account(trace)))
}

/// Of an account that fills books, its beginning and its end.
fn shortened(account: &str) -> String {
    let lines: Vec<&str> = account.lines().collect();
    if lines.len() < 500 {
        return account.to_owned();
    }
    let (first, last) = (&lines[..30], &lines[lines.len() - 10..]);
    format!("{}\n… {} lines …\n{}\n", first.join("\n"), lines.len() - 40, last.join("\n"))
}

fn assert_snapshot(name: &str, text: &str) -> Result<(), Failed> {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        std::panic::catch_unwind(|| insta::assert_snapshot!(format!("programs__{name}"), text))
            .map_err(|_| Failed::from("it differs from its snapshot (`cargo insta review`)"))
    })
}
