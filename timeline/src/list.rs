//! Writes the list of programs that a recorder's binary holds. For build scripts:
//! of this package, and of that of the applications.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::source;

/// The lines of `clocks.txt`: for programs whose source text misleads.
pub struct Overrides(BTreeMap<String, (String, String)>);

impl Overrides {
    /// Reads the file; there need be none.
    pub fn read(path: &Path) -> Self {
        println!("cargo::rerun-if-changed={}", path.display());
        let text = fs::read_to_string(path).unwrap_or_default();
        let lines =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self(
            lines
                .map(|line| {
                    let mut words = line.splitn(3, ' ').map(str::to_owned);
                    match (words.next(), words.next(), words.next()) {
                        (Some(name), Some(clock), Some(why)) => (name, (clock, why)),
                        _ => panic!(
                            "clocks.txt: expected NAME paused|real|skip REASON, found {line:?}"
                        ),
                    }
                })
                .collect(),
        )
    }

    /// `Err` if the program is not to be recorded at all.
    fn clock(&self, name: &str, source: &str) -> Result<Option<String>, ()> {
        match self.0.get(name).map(|(clock, why)| (clock.as_str(), why)) {
            None => Ok(source::needs_real_clock(source).map(str::to_owned)),
            Some(("paused", _)) => Ok(None),
            Some(("real", why)) => Ok(Some(why.clone())),
            Some(("skip", _)) => Err(()),
            Some((other, _)) => {
                panic!("clocks.txt: {name}: {other:?} is none of paused, real, skip")
            }
        }
    }
}

/// Writes a module for every `*.rs` in `folder`, and the list of them.
pub fn write_list(folder: &Path, overrides: &Overrides, to: &Path) {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect();
    files.sort();

    let (mut modules, mut list) = (String::new(), String::new());
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name =
            file.file_stem().and_then(|stem| stem.to_str()).expect("a program's name is ASCII");
        let text =
            fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let Ok(why_real) = overrides.clock(name, &text) else {
            continue;
        };
        let path = file.canonicalize().expect("it was just read");
        let stage = match source::has_own_event_loop(&text) {
            true => "by_hand as std",
            false => "stage as tokio",
        };
        modules.push_str(&format!(
            "#[allow(unused, missing_docs, clippy::all)]\n\
             mod {name} {{\n    use ::timeline::{stage};\n    include!({path:?});\n    \
             pub fn run() -> std::process::ExitCode {{ std::process::Termination::report(main()) }}\n}}\n"
        ));
        list.push_str(&format!(
            "    ::timeline::host::Program {{ name: {name:?}, file: {file:?}, source: include_str!({path:?}), \
             why_real: {why_real:?}, run: {name}::run }},\n",
            file = path_in_book(&file),
        ));
    }
    let text = format!(
        "{modules}\n/// The programs, by name.\npub const PROGRAMS: &[::timeline::host::Program] = &[\n{list}];\n"
    );
    fs::write(to, text).expect("OUT_DIR can be written");
}

/// `examples/gather.rs`, `examples/applications/http_get.rs`: from the folder
/// `examples` on (or `programs`, for the fixtures), with slashes.
fn path_in_book(file: &Path) -> String {
    let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
    let top = parts.iter().rposition(|part| part == "examples" || part == "programs");
    parts[top.expect("a program lies below examples")..].join("/")
}
