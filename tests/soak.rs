//! Determinism under load. `cargo run -- soak N` does the same for any N.

use book::recordings;
use programs::soak;
use project::Project;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: every program 200 times with every core busy"]
async fn two_hundred_runs_print_the_same_bytes() {
    let project = Project::find().expect("the project is here");
    let expected = recordings::outputs(&project, &[]).expect("every program is recorded");
    if let Err(error) = soak::soak(&project, 200, expected).await {
        panic!("{error:#}");
    }
}
