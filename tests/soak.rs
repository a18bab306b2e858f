//! Determinism under load. `cargo run -- soak N` does the same for any N.

use workbook::{project::Project, soak};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: every program 200 times with every core busy"]
async fn two_hundred_runs_print_the_same_bytes() {
    let project = Project::find().expect("the project is here");
    if let Err(error) = soak::soak(&project, 200, &[]).await {
        panic!("{error:#}");
    }
}
