//! Recorded lines beside those of the real run. Used by this package's tests and
//! by those of the applications.

use std::path::Path;

use libtest_mimic::Failed;
use timeline::{layout, model::Trace};

/// The lines of the trace beside those of the program's snapshot, which is what
/// the real process printed on the real clock (`tests/examples.rs`).
pub fn agree(trace: &Trace) -> Result<(), Failed> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().find(|folder| folder.join("book.toml").is_file());
    let root = root.ok_or("the book is not above this package")?;
    let file = root.join(format!("tests/snapshots/{}.snap", trace.name));
    let snapshot =
        std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let stdout = snapshot
        .split_once("----- stdout -----\n")
        .and_then(|(_, rest)| rest.split_once("\n----- stderr -----"))
        .ok_or_else(|| format!("{}: not a snapshot of insta-cmd", file.display()))?
        .0;
    let mut real: Vec<&str> = stdout.lines().collect();
    let mut paused: Vec<&str> = trace.lines().collect();
    if layout::order_is_free(trace) {
        paused.sort_unstable();
        real.sort_unstable();
    }
    same(&paused, &real)
}

fn same(paused: &[&str], real: &[&str]) -> Result<(), Failed> {
    if paused == real {
        return Ok(());
    }
    Err(format!("recorded:\n{}\n\nrun by cargo:\n{}", paused.join("\n"), real.join("\n")).into())
}
