//! One snapshot per program, of the real process on the real clock: its lines
//! and their order. (A module of the command's tests, which have something to
//! do while the programs wait.)

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use insta_cmd::assert_cmd_snapshot;
use programs::compile;
use project::Project;

workbook_tests::each_program!(prints_its_snapshot);

static EXECUTABLES: LazyLock<BTreeMap<String, PathBuf>> = LazyLock::new(|| {
    let project = Project::find().expect("the project is here");
    compile::all(&project).expect("the examples compile")
});

fn prints_its_snapshot(name: &str) {
    let snapshots = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/snapshots");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(snapshots);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    // The programs that download say so when a file of that name is there.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(&EXECUTABLES[name]);
    command.current_dir(folder.path());
    settings.bind(|| assert_cmd_snapshot!(name, command));
}
