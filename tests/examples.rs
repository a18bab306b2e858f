//! One snapshot per program, of the real process on the real clock: its lines
//! and their order. The programs run side by side; most of them wait.

use std::process::Command;

use insta_cmd::assert_cmd_snapshot;
use libtest_mimic::{Arguments, Trial};
use workbook::{programs, project::Project};

fn main() -> anyhow::Result<()> {
    let mut arguments = Arguments::from_args();
    let executables = programs::compile(&Project::find()?)?.examples;
    arguments.test_threads = Some(arguments.test_threads.unwrap_or(executables.len().max(1)));
    let trials = executables
        .into_iter()
        .map(|(name, executable)| {
            Trial::test(name.clone(), move || {
                let mut settings = insta::Settings::clone_current();
                settings.set_snapshot_path("snapshots");
                settings.set_prepend_module_to_snapshot(false);
                settings.set_omit_expression(true);
                settings.bind(|| assert_cmd_snapshot!(name, Command::new(executable)));
                Ok(())
            })
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit()
}
